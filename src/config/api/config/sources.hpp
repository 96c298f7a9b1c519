#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace atrium::config {

/// The sources of values. Each source overrides those before it: the defaults, `file`, `environment`, `assignments`.
struct sources {
    std::filesystem::path file;           ///< a TOML file, or empty; messages show the path as it is written here
    std::vector<std::string> environment; ///< "NAME=value"; only names of the form ATRIUM_X__Y are read
    std::vector<std::string> assignments; ///< "key=value", as written after --set
};

/// The environment of this process, in the form of `sources::environment`.
[[nodiscard]] std::vector<std::string> process_environment();

} // namespace atrium::config
