#include "user_table.hpp"

namespace atrium::orders::user_table {

std::optional<local_user> find_user(storage::snapshot& s, user_id id) {
    auto row = s.query("SELECT username, revision, name_revision, deleted FROM orders_user WHERE id = ?1", id);
    if (!row.next())
        return std::nullopt;
    return local_user{.id = id,
                      .name = std::string{row.text(0)},
                      .revision = row.integer(1),
                      .name_revision = row.integer(2),
                      .is_deleted = row.integer(3) != 0};
}

void insert(storage::transaction& t, const local_user& user) {
    t.execute("INSERT INTO orders_user (id, username, revision, name_revision) VALUES (?1, ?2, ?3, ?4)", user.id, user.name,
              user.revision, user.name_revision);
}

void rename(storage::transaction& t, const local_user& user) {
    t.execute("UPDATE orders_user SET username = ?2, revision = ?3, name_revision = ?4 WHERE id = ?1", user.id, user.name,
              user.revision, user.name_revision);
}

void set_revision(storage::transaction& t, const local_user& user) {
    t.execute("UPDATE orders_user SET revision = ?2 WHERE id = ?1", user.id, user.revision);
}

void write_tombstone(storage::transaction& t, user_id id) {
    t.execute("INSERT INTO orders_user (id, username, revision, name_revision, deleted) VALUES (?1, NULL, 0, 0, 1) "
              "ON CONFLICT (id) DO UPDATE SET username = NULL, revision = 0, name_revision = 0, deleted = 1 WHERE deleted = 0",
              id);
}

} // namespace atrium::orders::user_table
