#include "order_table.hpp"

#include <algorithm>
#include <string>

namespace atrium::orders::order_table {
namespace {

using storage::cursor;
using storage::snapshot;
using storage::transaction;

/// What `order_of` takes, with nulls in the place of columns that are not asked for.
std::string select_order(const order_columns& columns = {}) {
    std::string text = "SELECT o.id, o.user_id";
    const auto add = [&](bool is_wanted, std::string_view column) { text.append(is_wanted ? column : ", NULL"); };
    add(columns.user, ", u.username");
    add(columns.product_name, ", o.product_name");
    add(columns.quantity, ", o.quantity");
    add(columns.status, ", o.status");
    add(columns.revision, ", o.revision");
    add(columns.name_revision, ", u.name_revision");
    add(columns.created_at, ", o.created_at");
    add(columns.updated_at, ", o.updated_at");
    return text;
}

// CROSS JOIN fixes the order of the loops: orders by the index of their filter, each with its user by id.
const std::string from_orders = " FROM orders_order AS o CROSS JOIN orders_user AS u ON u.id = o.user_id AND u.deleted = 0";

// Goes through the ids as they come, without the set that IN would make of them first.
constexpr std::string_view with_ids = " FROM json_each(?1) AS wanted CROSS JOIN orders_order AS o ON o.id = wanted.value "
                                      "CROSS JOIN orders_user AS u ON u.id = o.user_id AND u.deleted = 0";

/// Those that lie between ?1 and ?2, at most ?3.
host::both_ends slice_where(const std::string& condition) {
    return host::both_ends{[&](const std::string& direction) {
        return from_orders + " WHERE o.id > ?1 AND o.id < ?2" + condition + " ORDER BY o.id " + direction + " LIMIT ?3";
    }};
}
const auto slice_of_all = slice_where("");
const auto slice_of_status = slice_where(" AND o.status = ?4");
const auto slice_of_user = slice_where(" AND o.user_id = ?4 AND (?5 IS NULL OR o.status = ?5)");
// See `page_of_users_named`.
const auto slice_of_users_named = slice_where(" AND o.user_id IN (SELECT id FROM orders_user WHERE username = ?4)"
                                              " AND (?5 IS NULL OR o.status = ?5)");

// Each user's slice is found in the index of users' orders; only rows that are shown are read.
const host::both_ends slices_of_users{[](const std::string& direction) {
    return " FROM json_each(?1) AS wanted "
           "CROSS JOIN orders_user AS u ON u.id = wanted.value AND u.deleted = 0 "
           "CROSS JOIN orders_order AS o ON o.id IN (SELECT id FROM orders_order WHERE user_id = wanted.value "
           "AND id > ?2 AND id < ?3 ORDER BY id " +
           direction + " LIMIT ?4) ORDER BY wanted.value, o.id " + direction;
}};

const std::string all_of_orders = select_order() + from_orders;

const std::string by_id = all_of_orders + " WHERE o.id = ?1";

// One order, where it passes the filters that are not null.
const std::string by_id_filtered = all_of_orders + R"(
    WHERE o.id = ?1 AND (?2 IS NULL OR u.username = ?2) AND (?3 IS NULL OR o.status = ?3)
      AND (?4 IS NULL OR o.product_name BETWEEN ?4 AND ?5))";

const std::string page_of_all = all_of_orders + " WHERE o.id > ?1 ORDER BY o.id LIMIT ?2";

const std::string page_of_user = all_of_orders + R"(
    WHERE o.user_id = ?3 AND o.id > ?1 AND (?4 IS NULL OR o.status = ?4)
      AND (?5 IS NULL OR o.product_name BETWEEN ?5 AND ?6)
    ORDER BY o.id LIMIT ?2)";

// For the moment in which two users bear one name here, because the rename of the one has arrived and that of the other has
// not. It sorts; `page_of_user` does not need to.
const std::string page_of_users_named = all_of_orders + R"(
    WHERE o.user_id IN (SELECT id FROM orders_user WHERE username = ?3) AND o.id > ?1 AND (?4 IS NULL OR o.status = ?4)
      AND (?5 IS NULL OR o.product_name BETWEEN ?5 AND ?6)
    ORDER BY o.id LIMIT ?2)";

const std::string page_of_status = all_of_orders + R"(
    WHERE o.status = ?3 AND o.id > ?1 AND (?4 IS NULL OR o.product_name BETWEEN ?4 AND ?5)
    ORDER BY o.id LIMIT ?2)";

// Answered from the index alone (the plus keeps SQLite from walking through all ids instead); rows are read for those that will
// be shown.
constexpr std::string_view ids_of_product =
    "SELECT id FROM orders_order WHERE product_name BETWEEN ?3 AND ?4 AND +id > ?1 ORDER BY +id LIMIT ?2";

order_view order_of(const cursor& row) {
    return {.id = {row.integer(0)},
            .user_id = {row.integer(1)},
            .user = row.text(2),
            .product_name = row.text(3),
            .quantity = row.integer(4),
            .status = static_cast<order_status>(row.integer(5)),
            .revision = row.integer(6),
            .name_revision = row.integer(7),
            .created_at = row.time(8),
            .updated_at = row.time(9)};
}

std::int64_t stored(order_status s) {
    return static_cast<std::int64_t>(s);
}

/// What begins with a prefix lies between `first` and `last`, both included: nothing sorts behind a text that goes on with the
/// last code point for as long as a product's name may be. Nulls without a prefix.
struct prefix_range {
    explicit prefix_range(const std::optional<std::string>& prefix) : first{prefix}, last{prefix} {
        constexpr int longest_name = 100;
        for (int i = 0; last && i < longest_name; ++i)
            *last += "\U0010FFFF";
    }
    std::optional<std::string> first;
    std::optional<std::string> last;
};

/// Two only while renames are on their way.
std::vector<user_id> ids_of_users(snapshot& s, const std::string& name) {
    std::vector<user_id> ids;
    for (auto found = s.query("SELECT id FROM orders_user WHERE username = ?1", name); found.next();)
        ids.push_back({found.integer(0)});
    return ids;
}

/// Reads one page of one query.
class page {
public:
    page(snapshot& s, const order_query& query, order_visitor& visitor)
        : snapshot_{s}, query_{query}, visitor_{visitor}, left_{query.limit}, one_more_{query.limit + 1},
          product_{query.product_name} {
        if (query.status)
            status_ = stored(*query.status);
    }

    /// Where the next page begins. The filter that leaves the fewest orders leads, the others are checked on what it finds.
    std::optional<order_id> read() {
        if (query_.ids)
            return among(*query_.ids);
        if (query_.user)
            return of_user(*query_.user);
        if (status_)
            return rows(snapshot_.query(page_of_status, query_.after, one_more_, status_, product_.first, product_.last));
        if (query_.product_name)
            return of_product();
        return rows(snapshot_.query(page_of_all, query_.after, one_more_));
    }

private:
    /// False where the page was full before: there is a next one.
    bool take(const order_view& o) {
        if (left_ == 0)
            return false;
        --left_;
        last_ = o.id;
        visitor_.visit(o);
        return true;
    }

    std::optional<order_id> rows(cursor found) {
        while (found.next())
            if (!take(order_of(found)))
                return last_;
        return std::nullopt;
    }

    /// False where the page is full and this order would be on the next.
    bool check(order_id id) {
        auto row = snapshot_.query(by_id_filtered, id, query_.user, status_, product_.first, product_.last);
        return !row.next() || take(order_of(row));
    }

    std::optional<order_id> among(std::vector<order_id> ids) {
        std::sort(ids.begin(), ids.end());
        ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
        for (const auto id : ids)
            if (id > query_.after && !check(id))
                return last_;
        return std::nullopt;
    }

    std::optional<order_id> of_user(const std::string& name) {
        const auto named = ids_of_users(snapshot_, name);
        if (named.empty())
            return std::nullopt;
        if (named.size() == 1)
            return rows(
                snapshot_.query(page_of_user, query_.after, one_more_, named.front(), status_, product_.first, product_.last));
        return rows(
            snapshot_.query(page_of_users_named, query_.after, one_more_, name, status_, product_.first, product_.last));
    }

    /// More than once around only where orders of users that are just leaving were passed over.
    std::optional<order_id> of_product() {
        auto after = query_.after;
        for (;;) {
            const auto ids = ids_after(after);
            for (const auto id : ids)
                if (!check(id))
                    return last_;
            if (static_cast<std::int64_t>(ids.size()) < one_more_)
                return std::nullopt;
            after = ids.back();
        }
    }

    std::vector<order_id> ids_after(order_id after) {
        std::vector<order_id> ids;
        for (auto found = snapshot_.query(ids_of_product, after, one_more_, product_.first, product_.last); found.next();)
            ids.push_back({found.integer(0)});
        return ids;
    }

    snapshot& snapshot_;
    const order_query& query_;
    order_visitor& visitor_;
    std::int64_t left_;
    std::int64_t one_more_; ///< rows to ask for: one beyond the page tells whether there is a next one
    order_id last_;
    prefix_range product_;
    std::optional<std::int64_t> status_;
};

} // namespace

std::optional<order> find(snapshot& s, order_id id) {
    auto rows = s.query(by_id, id);
    if (!rows.next())
        return std::nullopt;
    return order_as<std::string>(order_of(rows));
}

std::vector<std::optional<order>> find(snapshot& s, std::span<const order_id> ids, const order_columns& columns) {
    std::vector<std::optional<order>> found(ids.size());
    for (auto rows = s.query(select_order(columns).append(with_ids), storage::json_array(ids)); rows.next();) {
        const auto place = std::ranges::lower_bound(ids, order_id{rows.integer(0)}) - ids.begin();
        found[static_cast<std::size_t>(place)] = order_as<std::string>(order_of(rows));
    }
    return found;
}

std::vector<order> find(snapshot& s, const host::slice& wanted, const order_filter& filter, const order_columns& columns) {
    const auto read = [&](const host::both_ends& of, const auto&... values) {
        std::vector<order> found;
        for (auto rows =
                 s.query(select_order(columns).append(of.of(wanted)), wanted.after, wanted.before, wanted.limit, values...);
             rows.next();)
            found.push_back(order_as<std::string>(order_of(rows)));
        return found;
    };
    const auto status = filter.status ? std::optional{stored(*filter.status)} : std::nullopt;
    if (filter.user) {
        const auto named = ids_of_users(s, *filter.user);
        return named.size() == 1 ? read(slice_of_user, named.front(), status)
                                 : read(slice_of_users_named, *filter.user, status);
    }
    return status ? read(slice_of_status, status) : read(slice_of_all);
}

std::vector<std::vector<order>> find_of_users(snapshot& s, std::span<const user_id> users, const host::slice& wanted,
                                              const order_columns& columns) {
    std::vector<user_id> ascending{users.begin(), users.end()};
    std::sort(ascending.begin(), ascending.end());
    ascending.erase(std::unique(ascending.begin(), ascending.end()), ascending.end());

    std::vector<std::vector<order>> slices(ascending.size());
    auto rows = s.query(select_order(columns).append(slices_of_users.of(wanted)),
                        storage::json_array(std::span<const user_id>{ascending}), wanted.after, wanted.before, wanted.limit);
    for (std::size_t i = 0; rows.next();) { // both ascend
        while (ascending[i].value < rows.integer(1))
            ++i;
        slices[i].push_back(order_as<std::string>(order_of(rows)));
    }

    const bool each_once = ascending.size() == users.size();
    std::vector<std::vector<order>> found;
    found.reserve(users.size());
    for (const auto user : users) {
        auto& slice =
            slices[static_cast<std::size_t>(std::lower_bound(ascending.begin(), ascending.end(), user) - ascending.begin())];
        found.push_back(each_once ? std::move(slice) : slice);
    }
    return found;
}

std::optional<order_id> list(snapshot& s, const order_query& query, order_visitor& visitor) {
    visitor.restart();
    return page{s, query, visitor}.read();
}

order insert(transaction& t, const user_table::known_user& user, const new_order& wanted, timestamp now) {
    t.execute("INSERT INTO orders_order (user_id, product_name, quantity, status, created_at, updated_at) "
              "VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
              user.id, wanted.product_name, wanted.quantity, stored(order_status::placed), now);
    return {.id = {t.last_insert_id()},
            .user_id = user.id,
            .user = user.name,
            .product_name = wanted.product_name,
            .quantity = wanted.quantity,
            .status = order_status::placed,
            .revision = 1,
            .name_revision = user.name_revision,
            .created_at = now,
            .updated_at = now};
}

void update(transaction& t, const order& changed) {
    t.execute("UPDATE orders_order SET quantity = ?2, status = ?3, revision = ?4, updated_at = ?5 WHERE id = ?1", changed.id,
              changed.quantity, stored(changed.status), changed.revision, changed.updated_at);
}

void remove(transaction& t, order_id id) {
    t.execute("DELETE FROM orders_order WHERE id = ?1", id);
}

std::vector<order> remove_some(transaction& t, user_id of, std::size_t most) {
    std::vector<order> removed;
    auto rows = t.query("DELETE FROM orders_order "
                        "WHERE id IN (SELECT id FROM orders_order WHERE user_id = ?1 ORDER BY id LIMIT ?2) "
                        "RETURNING id, product_name, quantity, status, revision, created_at, updated_at",
                        of, most);
    while (rows.next())
        removed.push_back({.id = {rows.integer(0)},
                           .user_id = of,
                           .user = {},
                           .product_name = std::string{rows.text(1)},
                           .quantity = rows.integer(2),
                           .status = static_cast<order_status>(rows.integer(3)),
                           .revision = rows.integer(4),
                           .name_revision = 0,
                           .created_at = rows.time(5),
                           .updated_at = rows.time(6)});
    return removed;
}

} // namespace atrium::orders::order_table
