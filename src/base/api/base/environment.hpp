#pragma once

#include <string_view>

namespace atrium {

/// The value of a variable of the process's environment; empty if the variable is not set. Can be called on any thread, because
/// Atrium never changes its environment. The text stays valid until the process ends.
[[nodiscard]] std::string_view environment_variable(const char* name) noexcept;

} // namespace atrium
