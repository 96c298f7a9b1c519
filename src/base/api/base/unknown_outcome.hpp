#pragma once

#include <exception>

namespace atrium {

/// Marks an exception after which it is not known whether a change was kept: if it is asked for again, it may be made twice. A
/// client gets 500 without Retry-After, as opposed to `temporary`.
class unknown_outcome {
public:
    virtual ~unknown_outcome() = default;
};

/// @param thrown not null
[[nodiscard]] bool is_unknown_outcome(const std::exception_ptr& thrown);

} // namespace atrium
