// Preloaded into the program: a resolver that never returns, like one that waits for a name service that does not respond.
#include <netdb.h>
#include <unistd.h>

extern "C" int getaddrinfo(const char*, const char*, const addrinfo*, addrinfo**) noexcept {
    for (;;)
        ::pause();
}
