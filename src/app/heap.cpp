#include "heap.hpp"

#include <malloc.h>

namespace atrium::app {

/// By default, glibc raises its thresholds to the size of the largest block that was freed, up to 32 MiB (mallopt(3),
/// M_MMAP_THRESHOLD). Later blocks of that size come from heaps that shrink only at their end, so after many large responses
/// the process kept all of their memory. A threshold that is set explicitly does not change.
void configure_heap() noexcept {
#ifdef __GLIBC__
    // In bytes. Larger blocks are mappings of their own, which are unmapped when they are freed.
    constexpr int mapped_alone = 256 * 1024;
    constexpr int kept_at_end = 1024 * 1024; // bytes that each heap keeps at its end
    mallopt(M_MMAP_THRESHOLD, mapped_alone);
    mallopt(M_TRIM_THRESHOLD, kept_at_end);
    mallopt(M_MMAP_MAX, 1024 * 1024); // the default of 65,536 mappings is too low for blocks of the smallest size
#endif
}

} // namespace atrium::app
