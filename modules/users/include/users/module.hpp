#pragma once

#include <host/entry.hpp>
#include <users/directory.hpp>

#include <memory>

namespace atrium::users {

/// Name, schema and subscriptions of this module.
[[nodiscard]] host::description describe();

/// For the composition root. Offers `users::directory`, also from another process.
[[nodiscard]] host::module_entry entry();

/// The users module: accounts, and what each user has ordered. See modules/users/README.md.
class module final : public host::module {
public:
    explicit module(host::context c);
    ~module() override;

    void add_routes(http::router& to) override;
    void add_types(graphql::schema_builder& to) override;
    void add_handlers(events::bus& to) override;

    /// Who a user is, answered from this process's database. Lives as long as the module.
    [[nodiscard]] users::directory& directory() noexcept;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace atrium::users
