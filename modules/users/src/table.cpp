#include "table.hpp"

#include <host/ids.hpp>
#include <host/prefix_range.hpp>
#include <host/slice_select.hpp>

#include <string>
#include <vector>

namespace atrium::users::table {
namespace {

using host::prefix_range;
using storage::cursor;
using storage::snapshot;
using storage::transaction;

const auto account_select_list = storage::select_list<account_view, account_columns>{}
                                     .add<&account_view::id>("a.id")
                                     .add<&account_view::username>("a.username", &account_columns::username)
                                     .add<&account_view::email>("a.email", &account_columns::email)
                                     .add<&account_view::order_count>("a.order_count", &account_columns::order_count)
                                     .add<&account_view::last_order_at>("a.last_order_at", &account_columns::last_order_at)
                                     .add<&account_view::revision>("a.revision", &account_columns::revision)
                                     .add<&account_view::created_at>("a.created_at", &account_columns::created_at)
                                     .add<&account_view::updated_at>("a.updated_at", &account_columns::updated_at);

constexpr std::string_view with_username = " FROM users_account AS a WHERE a.username = ?1";

// CROSS JOIN goes through the ids as they come, without the set that IN would make of them first.
constexpr std::string_view with_ids = " FROM json_each(?1) AS wanted CROSS JOIN users_account AS a ON a.id = wanted.value";

std::string in_slice(const std::string& direction) {
    return " FROM users_account AS a WHERE a.id > ?1 AND a.id < ?2 ORDER BY a.id " + direction + " LIMIT ?3";
}
const host::slice_select slice_of_all{account_select_list, in_slice};

// The two halves find their ids in the indexes alone (the plus keeps SQLite from walking through all ids instead); only the
// rows that are shown are read. NOCASE comes with the columns.
std::string in_slice_of_search(const std::string& direction) {
    const auto half = [&](const std::string& column) {
        return "SELECT id FROM (SELECT id FROM users_account WHERE " + column +
               " BETWEEN ?4 AND ?5 AND +id > ?1 AND +id < ?2 ORDER BY +id " + direction + " LIMIT ?3)";
    };
    return " FROM users_account AS a WHERE a.id IN (" + half("username") + " UNION ALL " + half("email") + ") ORDER BY a.id " +
           direction + " LIMIT ?3";
}
const host::slice_select slice_of_search{account_select_list, in_slice_of_search};

const std::string by_id = account_select_list.select() + " FROM users_account AS a WHERE a.id = ?1";

// One account, where it passes the filters that are not null.
const std::string by_id_filtered = account_select_list.select() + R"(
    FROM users_account AS a WHERE a.id = ?1 AND (?2 IS NULL OR a.username = ?2) AND (?3 IS NULL OR a.email = ?3)
      AND (?4 IS NULL OR a.username BETWEEN ?4 AND ?5 OR a.email BETWEEN ?4 AND ?5))";

/// @param columns those that were selected
account account_of(const cursor& row, const account_columns& columns = {}) {
    return account_as<std::string>(account_select_list.read(row, columns));
}

std::optional<account> first_of(cursor rows, const account_columns& columns = {}) {
    return rows.next() ? std::optional{account_of(rows, columns)} : std::nullopt;
}

std::optional<user_summary> summary_of(cursor rows) {
    if (!rows.next())
        return std::nullopt;
    return user_summary{.id = {rows.integer(0)}, .username = std::string{rows.text(1)}, .revision = rows.integer(2)};
}

/// The accounts of a slice whose name or address begins so.
cursor rows_of(snapshot& s, const host::slice& wanted, const prefix_range& search, const account_columns& columns) {
    return search.first ? slice_of_search.rows(s, wanted, columns, search.first, search.last)
                        : slice_of_all.rows(s, wanted, columns);
}

/// The few accounts that can pass, where a filter names them: ascending ids, each once. Empty where none does.
std::optional<std::vector<user_id>> candidates(snapshot& s, const account_query& query) {
    if (query.page.ids)
        return query.page.ids;
    std::vector<user_id> named;
    if (query.username) {
        if (const auto id = s.query_integer("SELECT id FROM users_account WHERE username = ?1", *query.username))
            named.push_back({*id});
    } else if (query.email) {
        if (const auto id = s.query_integer("SELECT id FROM users_account WHERE email = ?1", *query.email))
            named.push_back({*id});
    } else {
        return std::nullopt;
    }
    return named;
}

void list_candidates(snapshot& s, const std::vector<user_id>& ids, const account_query& query, const prefix_range& search,
                     host::page<account_view>& out) {
    for (const auto id : ids) {
        if (id.value <= query.page.slice.after)
            continue;
        auto row = s.query(by_id_filtered, id, query.username, query.email, search.first, search.last);
        if (row.next() && !out.take(account_select_list.read(row)))
            return;
    }
}

} // namespace

std::optional<account> find(snapshot& s, user_id id) {
    return first_of(s.query(by_id, id));
}

std::optional<account> find(snapshot& s, std::string_view username, const account_columns& columns) {
    return first_of(s.query(account_select_list.select(columns).append(with_username), username), columns);
}

std::vector<std::optional<account>> find(snapshot& s, std::span<const user_id> ids, const account_columns& columns) {
    std::vector<std::optional<account>> found(ids.size());
    for (auto rows = s.query(account_select_list.select(columns).append(with_ids), storage::json_array(ids)); rows.next();) {
        auto one = account_of(rows, columns);
        found[host::index_in(ids, one.id)] = std::move(one);
    }
    return found;
}

std::vector<account> find(snapshot& s, const host::slice& wanted, const std::optional<std::string>& search,
                          const account_columns& columns) {
    std::vector<account> found;
    for (auto rows = rows_of(s, wanted, prefix_range{search}, columns); rows.next();)
        found.push_back(account_of(rows, columns));
    return found;
}

std::optional<user_summary> find_summary(snapshot& s, user_id id) {
    return summary_of(s.query("SELECT id, username, revision FROM users_account WHERE id = ?1", id));
}

std::optional<user_summary> find_summary(snapshot& s, std::string_view username) {
    return summary_of(s.query("SELECT id, username, revision FROM users_account WHERE username = ?1", username));
}

std::optional<user_id> list(snapshot& s, const account_query& query, host::row_visitor<account_view>& visitor) {
    const auto& wanted = query.page.slice;
    const prefix_range search{query.search};
    host::page out{wanted.limit, visitor};
    if (const auto few = candidates(s, query))
        list_candidates(s, *few, query, search, out);
    else
        out.take_all(rows_of(s, wanted.with_one_more(), search, {}),
                     [](const cursor& row) { return account_select_list.read(row); });
    return out.next();
}

taken find_taken(snapshot& s, std::string_view username, std::string_view email, user_id but) {
    auto row = s.query("SELECT EXISTS (SELECT 1 FROM users_account WHERE username = ?1 AND id <> ?3), "
                       "EXISTS (SELECT 1 FROM users_account WHERE email = ?2 AND id <> ?3)",
                       username, email, but);
    return row.next() ? taken{.username = row.integer(0) != 0, .email = row.integer(1) != 0} : taken{};
}

account insert(transaction& t, const new_account& wanted, timestamp now) {
    t.execute("INSERT INTO users_account (username, email, created_at, updated_at) VALUES (?1, ?2, ?3, ?3)", wanted.username,
              wanted.email, now);
    return {.id = {t.last_insert_id()},
            .username = wanted.username,
            .email = wanted.email,
            .order_count = 0,
            .last_order_at = std::nullopt,
            .revision = 1,
            .created_at = now,
            .updated_at = now};
}

void update(transaction& t, const account& changed) {
    t.execute("UPDATE users_account SET username = ?2, email = ?3, revision = ?4, updated_at = ?5 WHERE id = ?1", changed.id,
              changed.username, changed.email, changed.revision, changed.updated_at);
}

void remove(transaction& t, user_id id) {
    t.execute("DELETE FROM users_account WHERE id = ?1", id);
}

void count_order(transaction& t, user_id id, timestamp ordered_at, timestamp now) {
    t.execute("UPDATE users_account SET order_count = order_count + 1, last_order_at = max(coalesce(last_order_at, ?2), ?2), "
              "revision = revision + 1, updated_at = ?3 WHERE id = ?1",
              id, ordered_at, now);
}

void discount_order(transaction& t, user_id id, timestamp now) {
    t.execute("UPDATE users_account SET order_count = order_count - 1, revision = revision + 1, updated_at = ?2 "
              "WHERE id = ?1 AND order_count > 0",
              id, now);
}

} // namespace atrium::users::table
