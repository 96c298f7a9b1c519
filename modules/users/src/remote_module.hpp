#pragma once

#include "remote_directory.hpp"

#include <host/entry.hpp>
#include <http/client.hpp>

namespace atrium::users {

/// The users module if it runs in another process: its directory, and the GraphQL type `User` with all its fields, which are
/// read over REST in one call for all users of a level.
class remote_module final : public host::remote_module {
public:
    explicit remote_module(host::remote_context c);

    void add_types(graphql::schema_builder& builder) override;

    /// Shows whether the last request was answered, and if not, since when requests fail.
    void show(json_writer& writer) const override;

    [[nodiscard]] users::directory& directory() noexcept { return directory_; }

private:
    http::client client_;
    remote_directory directory_;
};

} // namespace atrium::users
