#pragma once

#include "order.hpp"

#include <storage/sql.hpp>

#include <optional>
#include <string>

/// All SQL on `orders_user`: the users that orders has met.
namespace atrium::orders::user_table {

/// A user as orders knows it.
struct known_user {
    user_id id;
    std::string name;               ///< empty for a tombstone
    std::int64_t revision = 0;      ///< users' revision that the name is from
    std::int64_t name_revision = 1; ///< counts the changes of the name
    bool deleted = false;           ///< a tombstone: this user has left and never comes back
};

[[nodiscard]] std::optional<known_user> find_user(storage::snapshot& s, user_id id);
void insert(storage::transaction& t, const known_user& user);

/// Writes name, revision and name_revision.
void rename(storage::transaction& t, const known_user& user);

/// Writes the revision alone: cheaper, as no index holds it.
void set_revision(storage::transaction& t, const known_user& user);

/// Makes the user a tombstone, met or not.
void write_tombstone(storage::transaction& t, user_id id);

} // namespace atrium::orders::user_table
