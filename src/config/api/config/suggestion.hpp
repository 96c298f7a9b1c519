#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace atrium::config {

/// The name that was probably meant: the one with the fewest typing mistakes (a letter is missing, added or wrong, or two
/// adjacent letters are swapped). If `written` has too many mistakes for every name, the result is the name whose last part
/// is equal to `written` ("port" for "http.port"), unless there are several. Empty if no name was found.
[[nodiscard]] std::string nearest(std::string_view written, const std::vector<std::string>& names);

} // namespace atrium::config
