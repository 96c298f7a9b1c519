#pragma once

#include <events/event.hpp>

#include <cstdint>
#include <string>

namespace atrium::events {

/// A delivery whose handler has failed on every attempt that the retry policy allows. It no longer holds back its key, and is
/// kept until it is retried or discarded.
struct dead_letter {
    std::string subscription;
    events::event event;
    int attempts = 0;
    std::string last_error; ///< for a human reader
};

} // namespace atrium::events
