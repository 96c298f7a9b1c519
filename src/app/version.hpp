#pragma once

#include <string>
#include <string_view>

namespace atrium::app {

/// The version of Atrium: "0.1.0".
[[nodiscard]] std::string_view version() noexcept;

/// The compiler and the libraries of this binary: "g++ 12.2.0 (Release), Boost 1.81.0, SQLite 3.40.1".
[[nodiscard]] std::string build_info();

} // namespace atrium::app
