#pragma once

#include <app/settings.hpp>
#include <config/schema.hpp>
#include <host/entry.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace atrium::app {

/// The module with this name; null if there is none.
[[nodiscard]] const host::module_entry* find_module(std::span<const host::module_entry> modules, std::string_view name);

/// Whether `modules.enabled` enables a module with this name.
[[nodiscard]] bool is_enabled(const settings& s, std::string_view module);

/// The key for the URL of the process that runs a module which `module` needs: "modules.orders.users_url".
[[nodiscard]] std::string url_key(const host::module_entry& module, const host::need& need);
/// The key for the token that is sent to the process at the URL of `url_key`: "modules.orders.users_token".
[[nodiscard]] std::string token_key(const host::module_entry& module, const host::need& need);

/// See `find_exposed_token` in <app/settings.hpp>.
[[nodiscard]] std::optional<std::string> find_exposed_token(std::span<const host::module_entry> modules, const settings& s);

/// Declares `modules.enabled` and `modules.allow_plain_tokens`. For each need that another process can meet, also declares the
/// keys of that process's URL and token (`url_key`, `token_key`). `schema.load` reports names that are not modules, needs that
/// are not met, and needs that are met both in this process and in another one. `modules` and `s` must outlive the schema.
void declare_modules(config::schema& schema, std::span<const host::module_entry> modules, settings& s);

} // namespace atrium::app
