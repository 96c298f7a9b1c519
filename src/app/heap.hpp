#pragma once

namespace atrium::app {

/// Configures the heap to return memory to the system after a peak of load. Call it before the first thread starts.
void configure_heap() noexcept;

} // namespace atrium::app
