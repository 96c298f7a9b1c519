#pragma once

#include <boost/json/parse.hpp>

namespace atrium::support {

/// Whether Boost.JSON reads a number as infinite or zero if its exponent is too large for an integer. Up to version 1.81, it
/// refuses such a number.
[[nodiscard]] inline bool reads_huge_exponents() {
    boost::system::error_code failure;
    boost::json::parse("1e99999999999999999999", failure);
    return !failure;
}

} // namespace atrium::support
