#pragma once

#include <host/entry.hpp>
#include <users/directory.hpp>

#include <memory>

namespace atrium::orders {

/// Describes this module: its name, its migrations and its events.
[[nodiscard]] host::description describe();

/// Returns what the composition root needs to create this module. The module needs `users::directory`.
[[nodiscard]] host::module_entry entry();

/// The orders module: stores the orders of users. See modules/orders/README.md.
class module final : public host::module {
public:
    /// `directory` finds the user who places an order; it must outlive the module.
    module(host::context c, users::directory& directory);
    ~module() override;

    void add_routes(http::router& router) override;
    void add_types(graphql::schema_builder& builder) override;
    void add_handlers(events::bus& bus) override;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace atrium::orders
