#pragma once

#include <exception>

namespace atrium {

/// Marks an exception after which it is unknown whether a change was stored: a retry may make the change twice. Unlike with
/// `temporary`, a client gets 500 without Retry-After.
class unknown_outcome {
public:
    virtual ~unknown_outcome() = default;
};

/// @param exception not null
[[nodiscard]] bool is_unknown_outcome(const std::exception_ptr& exception);

} // namespace atrium
