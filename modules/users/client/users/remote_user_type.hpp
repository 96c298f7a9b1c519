#pragma once

#include <graphql/schema_builder.hpp>
#include <users/directory.hpp>

namespace atrium::users {

/// GraphQL's type `User` in a process where users does not run: what other modules may know of a user, asked of `directory` in
/// one call for all users of a level. `directory` outlives the schema.
void add_remote_user_type(graphql::schema_builder& to, directory& directory);

} // namespace atrium::users
