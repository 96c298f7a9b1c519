#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace atrium::config {

/// The name that was probably meant: the nearest one by typing mistakes (a letter missing, added, wrong, or two swapped), or
/// the only one that ends in what was written ("port" for "http.port"). Empty if no name is near enough.
[[nodiscard]] std::string nearest(std::string_view written, const std::vector<std::string>& names);

} // namespace atrium::config
