#pragma once

#include "command_description.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace atrium::app {

/// The shells that `completions` supports: "bash", "zsh", "fish".
[[nodiscard]] const std::vector<std::string>& shells_with_completions();

/// A script with which one of these shells completes commands, options, and values that are file names or one of a few words.
[[nodiscard]] std::string completions(const described_command& program, std::string_view shell);

} // namespace atrium::app
