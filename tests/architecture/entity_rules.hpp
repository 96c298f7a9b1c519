#pragma once

#include "dependency_rules.hpp"

#include <string>
#include <vector>

namespace atrium::architecture {

/// Returns a sentence for each entity that a module describes but does not list in its `host::description` (src/module.cpp).
/// Such an entity would not be compared with its table.
[[nodiscard]] std::vector<std::string> unlisted_entities(const std::vector<source>& sources);

} // namespace atrium::architecture
