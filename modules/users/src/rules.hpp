#pragma once

#include <string>
#include <string_view>

namespace atrium::users {

// The rules for the values of a user's fields, except for their lengths, which `account_entity` limits. Each function returns
// an error message for the field, or an empty string if the value is valid. Values are well-formed UTF-8.

/// A name has no control characters and no leading or trailing blanks, and follows the rules of `fault_of_name`.
[[nodiscard]] std::string fault_of_username(std::string_view username);

/// An email address has the form that the WHATWG's HTML standard defines for <input type=email>, so it is plain ASCII.
[[nodiscard]] std::string fault_of_email(std::string_view email);

} // namespace atrium::users
