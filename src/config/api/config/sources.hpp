#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace atrium::config {

/// The sources of values. Each one overrides those before it: defaults, `file`, `environment`, `assignments`.
struct sources {
    std::filesystem::path file;           ///< TOML; empty if there is none. Messages show it as it is written here
    std::vector<std::string> environment; ///< "NAME=value"; only names of the form ATRIUM_X__Y are read
    std::vector<std::string> assignments; ///< "key=value", as written after --set
};

/// The environment of this process, in the form of `sources::environment`.
[[nodiscard]] std::vector<std::string> process_environment();

} // namespace atrium::config
