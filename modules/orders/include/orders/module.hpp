#pragma once

#include <host/entry.hpp>
#include <users/directory.hpp>

#include <memory>

namespace atrium::orders {

/// Name, schema and subscriptions of this module.
[[nodiscard]] host::description describe();

/// For the composition root. Needs `users::directory`.
[[nodiscard]] host::module_entry entry();

/// The orders module: who ordered what. See modules/orders/README.md.
class module final : public host::module {
public:
    /// `directory` answers who places an order; it outlives the module.
    module(host::context c, users::directory& directory);
    ~module() override;

    void add_routes(http::router& to) override;
    void add_types(graphql::schema_builder& to) override;
    void add_handlers(events::bus& to) override;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace atrium::orders
