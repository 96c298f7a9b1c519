#pragma once

#include "dependency_rules.hpp"

#include <string>
#include <vector>

namespace atrium::architecture {

/// The entities that a module describes and its `host::description` (src/module.cpp) does not list, so that nothing compares
/// them with their tables: a sentence each.
[[nodiscard]] std::vector<std::string> unlisted_entities(const std::vector<source>& sources);

} // namespace atrium::architecture
