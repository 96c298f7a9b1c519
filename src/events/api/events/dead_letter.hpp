#pragma once

#include <events/event.hpp>

#include <cstdint>
#include <string>

namespace atrium::events {

/// A delivery that is no longer attempted, because its handler has failed on every attempt that the retry policy allows, or
/// because its event cannot be read. It no longer holds back its key, and is kept until an operator retries or discards it.
struct dead_letter {
    std::string subscription;
    events::event event;
    int attempts = 0;
    std::string last_error; ///< for a human reader
};

} // namespace atrium::events
