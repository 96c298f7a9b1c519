#pragma once

#include <host/entry.hpp>
#include <users/directory.hpp>

#include <memory>

namespace atrium::users {

/// Describes this module: its name, its migrations and its events.
[[nodiscard]] host::description describe();

/// Returns what the composition root needs to create this module. The entry provides `users::directory` to other modules, even
/// if this module runs in another process.
[[nodiscard]] host::module_entry entry();

/// The users module: stores accounts, and the number of orders of each user. See modules/users/README.md.
class module final : public host::module {
public:
    explicit module(host::context c);
    ~module() override;

    void add_routes(http::router& router) override;
    void add_types(graphql::schema_builder& builder) override;
    void add_handlers(events::bus& bus) override;

    /// Finds users in this process's database. Lives as long as the module.
    [[nodiscard]] users::directory& directory() noexcept;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace atrium::users
