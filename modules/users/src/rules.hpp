#pragma once

#include <string_view>

namespace atrium::users {

// What a user's fields may hold, for every interface that takes them. Each function answers what is allowed, where the value is
// not: a literal to be shown at the field. Empty where all is well. Values are well-formed UTF-8.

/// 1 to 100 characters (code points), no control characters, no outer blanks.
[[nodiscard]] std::string_view fault_of_username(std::string_view username) noexcept;

/// An address by the production of the WHATWG's HTML standard for <input type=email>, at most 254 bytes. Plain ASCII,
/// therefore.
[[nodiscard]] std::string_view fault_of_email(std::string_view email) noexcept;

} // namespace atrium::users
