#pragma once

#include <events/event.hpp>

#include <cstdint>
#include <string>

namespace atrium::events {

/// A delivery whose handler failed as often as the retry policy allows. It no longer holds its key, and stays until it is
/// retried or discarded.
struct dead_letter {
    std::string subscription;
    events::event event;
    int attempts = 0;
    std::string last_error; ///< for a person
};

} // namespace atrium::events
