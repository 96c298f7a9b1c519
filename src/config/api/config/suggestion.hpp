#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace atrium::config {

/// The name that was probably meant: the one with the fewest typing mistakes (a letter is missing, added or wrong, or two
/// adjacent letters are swapped). If all names have too many mistakes, the only name whose last part is equal to the text
/// ("port" for "http.port"). Empty if there is no such name.
[[nodiscard]] std::string nearest(std::string_view written, const std::vector<std::string>& names);

} // namespace atrium::config
