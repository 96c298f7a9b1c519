#pragma once

#include <string>
#include <string_view>

namespace atrium::support {

/// The setting that enables all modules of the program except this one: "modules.enabled=[...]".
[[nodiscard]] std::string all_modules_but(std::string_view name);

} // namespace atrium::support
