#pragma once

#include "command_description.hpp"

#include <string>

namespace atrium::app {

/// The manual page atrium(1), in the macros of man(7).
[[nodiscard]] std::string manual_page(const described_command& program);

} // namespace atrium::app
