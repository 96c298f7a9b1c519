// Preloaded into the program: a name service that does not answer, and a resolver with more patience than any test.
#include <netdb.h>
#include <unistd.h>

extern "C" int getaddrinfo(const char*, const char*, const addrinfo*, addrinfo**) noexcept {
    for (;;)
        ::pause();
}
