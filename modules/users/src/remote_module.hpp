#pragma once

#include "remote_directory.hpp"

#include <host/entry.hpp>
#include <http/client.hpp>

namespace atrium::users {

/// The users module if it runs in another process: its directory, and GraphQL's type `User` with every field that it has there,
/// asked for by REST in one call for all users of a level.
class remote_module final : public host::remote_module {
public:
    explicit remote_module(host::remote_context c);

    void add_types(graphql::schema_builder& to) override;

    /// Whether the last question was answered, and if not, since when.
    void show(json_writer& to) const override;

    [[nodiscard]] users::directory& directory() noexcept { return directory_; }

private:
    http::client client_;
    remote_directory directory_;
};

} // namespace atrium::users
