#pragma once

#include "order.hpp"

#include <storage/sql.hpp>

#include <optional>
#include <string>

/// The statements that read and change single rows of `orders_user`, the local copy of the users.
namespace atrium::orders::user_table {

/// The local copy of a user.
struct local_user {
    user_id id;
    std::string name;               ///< empty for a tombstone
    std::int64_t revision = 0;      ///< the newest revision of the user that this module knows
    std::int64_t name_revision = 1; ///< counts the changes of the name
    bool is_deleted = false;        ///< a tombstone: the user is deleted, and the id is never used again
};

[[nodiscard]] std::optional<local_user> find_user(storage::snapshot& s, user_id id);
void insert(storage::transaction& t, const local_user& user);

/// Writes name, revision and name_revision.
void rename(storage::transaction& t, const local_user& user);

/// Writes only the revision. This is cheaper than `rename`, because no index contains the revision.
void set_revision(storage::transaction& t, const local_user& user);

/// Turns the user's row into a tombstone, or inserts a tombstone if there is no row.
void write_tombstone(storage::transaction& t, user_id id);

} // namespace atrium::orders::user_table
