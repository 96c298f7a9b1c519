#include "heap.hpp"

#include <malloc.h>

namespace atrium::app {

/// glibc raises its thresholds to the size of whatever large block was freed last, up to 32 MiB (mallopt(3), M_MMAP_THRESHOLD):
/// later blocks of that size come from heaps that shrink only at their end, and after a wave of large responses all of their
/// memory stayed with the process. A threshold that is set does not move.
void configure_heap() noexcept {
#ifdef __GLIBC__
    constexpr int mapped_alone =
        256 * 1024; // bytes from which on a block is a mapping of its own, and unmapped when it is freed
    constexpr int kept_at_end = 1024 * 1024; // bytes that each heap keeps at its end
    mallopt(M_MMAP_THRESHOLD, mapped_alone);
    mallopt(M_TRIM_THRESHOLD, kept_at_end);
    mallopt(M_MMAP_MAX, 1024 * 1024); // the default of 65,536 would be too few for the smallest of them
#endif
}

} // namespace atrium::app
