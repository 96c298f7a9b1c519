#pragma once

#include <host/entry.hpp>

#include <span>
#include <string>

namespace atrium::app {

/// Draws the modules, the topics that they publish, the subscriptions that receive them, and the interfaces through which
/// modules use each other, as a flowchart of Mermaid.
[[nodiscard]] std::string module_graph(std::span<const host::module_entry> modules);

} // namespace atrium::app
