#pragma once

#include <string>
#include <string_view>

namespace atrium::users {

// What a user's fields may hold, for every interface that takes them. Each function returns what is allowed if the value is
// not: a text to be shown at the field. Empty if the value is valid. Values are well-formed UTF-8.

/// 1 to 100 characters (code points), no control characters, no outer blanks; a name as `fault_of_name` has it.
[[nodiscard]] std::string fault_of_username(std::string_view username);

/// An address by the production of the WHATWG's HTML standard for <input type=email>, at most 254 bytes. Plain ASCII,
/// therefore.
[[nodiscard]] std::string fault_of_email(std::string_view email);

} // namespace atrium::users
