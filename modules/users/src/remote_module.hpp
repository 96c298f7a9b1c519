#pragma once

#include "remote_directory.hpp"

#include <host/entry.hpp>
#include <http/client.hpp>

namespace atrium::users {

/// Replaces the users module if that module runs in another process. Provides the directory of users, and the GraphQL type
/// `User` with all its fields. The fields are read over REST, for all users of a level together.
class remote_module final : public host::remote_module {
public:
    explicit remote_module(host::remote_context c);

    void add_types(graphql::schema_builder& builder) override;

    /// Writes whether requests succeed (`ready`), the URL, and the time of the last successful response. If requests fail, also
    /// writes since when they have been failing, and why the last one failed.
    void show(json_writer& writer) const override;

    [[nodiscard]] users::directory& directory() noexcept { return directory_; }

private:
    http::client client_;
    remote_directory directory_;
};

} // namespace atrium::users
