#include "heap.hpp"

#include <malloc.h>

namespace atrium::app {

/// By default, glibc raises its thresholds to the size of the largest block that was freed, up to 32 MiB (mallopt(3),
/// M_MMAP_THRESHOLD). Later blocks of that size come from heaps that shrink only at their end, so after many large responses
/// the process would keep all of their memory. A threshold that is set explicitly does not change.
void configure_heap() noexcept {
#ifdef __GLIBC__
    // In bytes. A block of at least this size is a memory mapping of its own, which is unmapped when the block is freed.
    constexpr int min_mapped_size = 256 * 1024;
    constexpr int max_kept_size = 1024 * 1024; // bytes that each heap keeps at its end
    mallopt(M_MMAP_THRESHOLD, min_mapped_size);
    mallopt(M_TRIM_THRESHOLD, max_kept_size);
    mallopt(M_MMAP_MAX, 1024 * 1024); // max number of mappings; the default of 65,536 is too low if many blocks are mapped
#endif
}

} // namespace atrium::app
