#pragma once

#include <host/entry.hpp>

#include <memory>

namespace atrium::widgets {

/// The name, the migrations, the subscriptions and the events of this module.
[[nodiscard]] host::description describe();

/// What the composition root needs to create this module.
[[nodiscard]] host::module_entry entry();

/// The widgets module. See modules/widgets/README.md.
class module final : public host::module {
public:
    explicit module(host::context c);
    ~module() override;

    void add_routes(http::router& router) override;
    void add_types(graphql::schema_builder& builder) override;
    void add_handlers(events::bus& bus) override;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace atrium::widgets
