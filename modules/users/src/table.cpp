#include "table.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace atrium::users::table {
namespace {

using storage::cursor;
using storage::snapshot;
using storage::transaction;

/// What `account_of` takes, with nulls in the place of columns that are not asked for.
std::string select_account(const account_columns& columns = {}) {
    std::string text = "SELECT a.id";
    const auto add = [&](bool is_wanted, std::string_view column) { text.append(is_wanted ? column : ", NULL"); };
    add(columns.username, ", a.username");
    add(columns.email, ", a.email");
    add(columns.order_count, ", a.order_count");
    add(columns.last_order_at, ", a.last_order_at");
    add(columns.revision, ", a.revision");
    add(columns.created_at, ", a.created_at");
    add(columns.updated_at, ", a.updated_at");
    return text;
}

constexpr std::string_view with_username = " FROM users_account AS a WHERE a.username = ?1";

// CROSS JOIN goes through the ids as they come, without the set that IN would make of them first.
constexpr std::string_view with_ids = " FROM json_each(?1) AS wanted CROSS JOIN users_account AS a ON a.id = wanted.value";

const host::both_ends in_slice{[](const std::string& direction) {
    return " FROM users_account AS a WHERE a.id > ?1 AND a.id < ?2 ORDER BY a.id " + direction + " LIMIT ?3";
}};

// The two halves find their ids in the indexes alone (the plus keeps SQLite from walking through all ids instead); only the
// rows that are shown are read. NOCASE comes with the columns.
const host::both_ends in_slice_of_search{[](const std::string& direction) {
    const auto half = [&](const std::string& column) {
        return "SELECT id FROM (SELECT id FROM users_account WHERE " + column +
               " BETWEEN ?4 AND ?5 AND +id > ?1 AND +id < ?2 ORDER BY +id " + direction + " LIMIT ?3)";
    };
    return " FROM users_account AS a WHERE a.id IN (" + half("username") + " UNION ALL " + half("email") + ") ORDER BY a.id " +
           direction + " LIMIT ?3";
}};

const std::string by_id = select_account() + " FROM users_account AS a WHERE a.id = ?1";

const std::string page_of_all = select_account() + " FROM users_account AS a WHERE a.id > ?1 ORDER BY a.id LIMIT ?2";

// As `in_slice_of_search`.
const std::string page_of_search = select_account() + R"(
    FROM users_account AS a WHERE a.id IN (
        SELECT id FROM (SELECT id FROM users_account WHERE username BETWEEN ?3 AND ?4 AND +id > ?1 ORDER BY +id LIMIT ?2)
        UNION ALL
        SELECT id FROM (SELECT id FROM users_account WHERE email BETWEEN ?3 AND ?4 AND +id > ?1 ORDER BY +id LIMIT ?2))
    ORDER BY a.id LIMIT ?2)";

// One account, where it passes the filters that are not null.
const std::string by_id_filtered = select_account() + R"(
    FROM users_account AS a WHERE a.id = ?1 AND (?2 IS NULL OR a.username = ?2) AND (?3 IS NULL OR a.email = ?3)
      AND (?4 IS NULL OR a.username BETWEEN ?4 AND ?5 OR a.email BETWEEN ?4 AND ?5))";

account_view account_of(const cursor& row) {
    return {.id = {row.integer(0)},
            .username = row.text(1),
            .email = row.text(2),
            .order_count = row.integer(3),
            .last_order_at = row.optional_time(4),
            .revision = row.integer(5),
            .created_at = row.time(6),
            .updated_at = row.time(7)};
}

std::optional<account> first_of(cursor rows) {
    return rows.next() ? std::optional{account_as<std::string>(account_of(rows))} : std::nullopt;
}

std::vector<account> all_of(cursor rows) {
    std::vector<account> all;
    while (rows.next())
        all.push_back(account_as<std::string>(account_of(rows)));
    return all;
}

std::optional<user_summary> summary_of(cursor rows) {
    if (!rows.next())
        return std::nullopt;
    return user_summary{.id = {rows.integer(0)}, .username = std::string{rows.text(1)}, .revision = rows.integer(2)};
}

/// What begins with `first` lies between `first` and `last`, both included: nothing sorts behind a text that goes on with the
/// last code point for as long as a text may be.
struct prefix_range {
    explicit prefix_range(const std::string& prefix) : first{prefix}, last{prefix} {
        constexpr int longest_text = 254;
        for (int i = 0; i < longest_text; ++i)
            last += "\U0010FFFF";
    }
    std::string first;
    std::string last;
};

/// Hands over rows until the page is full. Where the next page begins.
class page {
public:
    page(std::int64_t limit, account_visitor& visitor) : left_{limit}, visitor_{visitor} {}

    /// False where the page was full before: there is a next one.
    bool take(const account_view& a) {
        if (left_ == 0)
            return false;
        --left_;
        last_ = a.id;
        visitor_.visit(a);
        return true;
    }
    [[nodiscard]] user_id last() const noexcept { return last_; }

private:
    std::int64_t left_;
    user_id last_;
    account_visitor& visitor_;
};

std::optional<user_id> list_rows(cursor rows, page& out) {
    while (rows.next())
        if (!out.take(account_of(rows)))
            return out.last();
    return std::nullopt;
}

/// The few accounts that can pass, where a filter names them: ascending ids, each once. Empty where none does.
std::optional<std::vector<user_id>> candidates(snapshot& s, const account_query& query) {
    if (query.ids) {
        auto ids = *query.ids;
        std::sort(ids.begin(), ids.end());
        ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
        return ids;
    }
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

std::optional<user_id> list_candidates(snapshot& s, const std::vector<user_id>& ids, const account_query& query, page& out) {
    std::optional<prefix_range> search;
    if (query.search)
        search.emplace(*query.search);
    const auto first = search ? std::optional<std::string_view>{search->first} : std::nullopt;
    const auto last = search ? std::optional<std::string_view>{search->last} : std::nullopt;

    for (const auto id : ids) {
        if (id <= query.after)
            continue;
        auto row = s.query(by_id_filtered, id, query.username, query.email, first, last);
        if (row.next() && !out.take(account_of(row)))
            return out.last();
    }
    return std::nullopt;
}

} // namespace

std::optional<account> find(snapshot& s, user_id id) {
    return first_of(s.query(by_id, id));
}

std::optional<account> find(snapshot& s, std::string_view username, const account_columns& columns) {
    return first_of(s.query(select_account(columns).append(with_username), username));
}

std::vector<std::optional<account>> find(snapshot& s, std::span<const user_id> ids, const account_columns& columns) {
    std::vector<std::optional<account>> found(ids.size());
    for (auto rows = s.query(select_account(columns).append(with_ids), storage::json_array(ids)); rows.next();) {
        const auto place = std::ranges::lower_bound(ids, user_id{rows.integer(0)}) - ids.begin();
        found[static_cast<std::size_t>(place)] = account_as<std::string>(account_of(rows));
    }
    return found;
}

std::vector<account> find(snapshot& s, const host::slice& wanted, const std::optional<std::string>& search,
                          const account_columns& columns) {
    auto sql = select_account(columns);
    if (!search || search->empty())
        return all_of(s.query(sql.append(in_slice.of(wanted)), wanted.after, wanted.before, wanted.limit));
    const prefix_range range{*search};
    return all_of(
        s.query(sql.append(in_slice_of_search.of(wanted)), wanted.after, wanted.before, wanted.limit, range.first, range.last));
}

std::optional<user_summary> find_summary(snapshot& s, user_id id) {
    return summary_of(s.query("SELECT id, username, revision FROM users_account WHERE id = ?1", id));
}

std::optional<user_summary> find_summary(snapshot& s, std::string_view username) {
    return summary_of(s.query("SELECT id, username, revision FROM users_account WHERE username = ?1", username));
}

std::optional<user_id> list(snapshot& s, const account_query& query, account_visitor& visitor) {
    visitor.restart();
    page out{query.limit, visitor};
    if (const auto few = candidates(s, query))
        return list_candidates(s, *few, query, out);

    const auto one_more = query.limit + 1;
    if (query.search) {
        const prefix_range search{*query.search};
        return list_rows(s.query(page_of_search, query.after, one_more, search.first, search.last), out);
    }
    return list_rows(s.query(page_of_all, query.after, one_more), out);
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
