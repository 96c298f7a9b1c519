#pragma once

#include <app/settings.hpp>
#include <config/schema.hpp>
#include <host/entry.hpp>

#include <span>
#include <string>
#include <string_view>

namespace atrium::app {

/// The module with this name; null if no module has it.
[[nodiscard]] const host::module_entry* find_module(std::span<const host::module_entry> modules, std::string_view name);

/// Whether `modules.enabled` lets a module of that name run.
[[nodiscard]] bool is_enabled(const settings& s, std::string_view module);

/// The key that specifies where another process runs a module that `module` needs: "modules.orders.users_url".
[[nodiscard]] std::string url_key(const host::module_entry& module, const host::need& need);

/// Declares `modules.enabled`, and the key of each need that another process can meet. Names that are not modules, and needs
/// that are met nowhere or twice, are reported when the schema is loaded. `modules` and `s` outlive it.
void declare_modules(config::schema& schema, std::span<const host::module_entry> modules, settings& s);

} // namespace atrium::app
