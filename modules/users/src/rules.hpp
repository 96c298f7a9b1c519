#pragma once

#include <string>
#include <string_view>

namespace atrium::users {

// The rules for a user's fields, for every interface that takes input. Each function returns an error text for the field, or
// an empty text if the value is valid. Values are well-formed UTF-8.

/// 1 to 100 characters (code points), no control characters, no leading or trailing blanks; also checks `fault_of_name`.
[[nodiscard]] std::string fault_of_username(std::string_view username);

/// An address by the production of the WHATWG's HTML standard for <input type=email>, at most 254 bytes. So it is plain ASCII.
[[nodiscard]] std::string fault_of_email(std::string_view email);

} // namespace atrium::users
