#pragma once

namespace atrium::app {

/// Lets the heap give memory back after a load. Before the first thread starts.
void configure_heap() noexcept;

} // namespace atrium::app
