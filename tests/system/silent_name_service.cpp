// A library that tests preload into the program. Its `getaddrinfo` never returns, as if the name service did not respond.
#include <netdb.h>
#include <unistd.h>

extern "C" int getaddrinfo(const char*, const char*, const addrinfo*, addrinfo**) {
    for (;;)
        ::pause();
}
