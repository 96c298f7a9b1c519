#pragma once

#include <base/error.hpp>

#include <string>
#include <utility>

namespace atrium {

/// A `malformed` error; see `error` for the form of its detail.
[[nodiscard]] inline error malformed(std::string detail) {
    return {.code = errc::malformed, .detail = std::move(detail)};
}

} // namespace atrium
