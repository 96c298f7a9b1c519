#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace atrium::config {

/// Where values come from. Each source overrides those before it: defaults, `file`, `environment`, `assignments`.
struct sources {
    std::filesystem::path file;           ///< TOML; empty: none. Named in messages as it is written here
    std::vector<std::string> environment; ///< "NAME=value"; only names of the form ATRIUM_X__Y are looked at
    std::vector<std::string> assignments; ///< "key=value", as written after --set
};

/// This process's environment, as `sources` takes it.
[[nodiscard]] std::vector<std::string> process_environment();

} // namespace atrium::config
