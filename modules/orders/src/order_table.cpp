#include "order_table.hpp"

#include <host/ids.hpp>
#include <host/prefix_range.hpp>
#include <host/slice_select.hpp>

#include <string>

namespace atrium::orders::order_table {
namespace {

using storage::cursor;
using storage::snapshot;
using storage::transaction;

const auto order_select_list = storage::select_list<order_view, order_columns>{}
                                   .add<&order_view::id>("o.id")
                                   .add<&order_view::user_id>("o.user_id")
                                   .add<&order_view::user>("u.username", &order_columns::user)
                                   .add<&order_view::product_name>("o.product_name", &order_columns::product_name)
                                   .add<&order_view::quantity>("o.quantity", &order_columns::quantity)
                                   .add<&order_view::status>("o.status", &order_columns::status)
                                   .add<&order_view::revision>("o.revision", &order_columns::revision)
                                   .add<&order_view::name_revision>("u.name_revision", &order_columns::name_revision)
                                   .add<&order_view::created_at>("o.created_at", &order_columns::created_at)
                                   .add<&order_view::updated_at>("o.updated_at", &order_columns::updated_at);

// CROSS JOIN fixes the order of the loops: orders by the index of their filter, each with its user by id.
const std::string from_orders = " FROM orders_order AS o CROSS JOIN orders_user AS u ON u.id = o.user_id AND u.deleted = 0";

// Goes through the ids as they come, without the set that IN would make of them first.
constexpr std::string_view with_ids = " FROM json_each(?1) AS wanted CROSS JOIN orders_order AS o ON o.id = wanted.value "
                                      "CROSS JOIN orders_user AS u ON u.id = o.user_id AND u.deleted = 0";

using order_select = host::slice_select<order_view, order_columns>;

/// Only of products whose names lie between ?4 and ?5, unless these are null.
order_select slice_where(const std::string& condition) {
    const auto rest = [&](const std::string& direction) {
        return from_orders + " WHERE o.id > ?1 AND o.id < ?2" + condition +
               " AND (?4 IS NULL OR o.product_name BETWEEN ?4 AND ?5) ORDER BY o.id " + direction + " LIMIT ?3";
    };
    return {order_select_list, rest};
}
const auto slice_of_all = slice_where("");
const auto slice_of_status = slice_where(" AND o.status = ?6");
const auto slice_of_user = slice_where(" AND o.user_id = ?7 AND (?6 IS NULL OR o.status = ?6)");
// For the moment in which two users bear one name here, because the rename of the one has arrived and that of the other has
// not. It sorts; `slice_of_user` does not need to.
const auto slice_of_users_named = slice_where(" AND o.user_id IN (SELECT id FROM orders_user WHERE username = ?7)"
                                              " AND (?6 IS NULL OR o.status = ?6)");

// Each user's slice is found in the index of users' orders; only rows that are shown are read.
std::string in_slices_of_users(const std::string& direction) {
    return " FROM json_each(?4) AS wanted "
           "CROSS JOIN orders_user AS u ON u.id = wanted.value AND u.deleted = 0 "
           "CROSS JOIN orders_order AS o ON o.id IN (SELECT id FROM orders_order WHERE user_id = wanted.value "
           "AND id > ?1 AND id < ?2 ORDER BY id " +
           direction + " LIMIT ?3) ORDER BY wanted.value, o.id " + direction;
}
const order_select slices_of_users{order_select_list, in_slices_of_users};

const std::string all_of_orders = order_select_list.select() + from_orders;

const std::string by_id = all_of_orders + " WHERE o.id = ?1";

// One order, where it passes the filters that are not null.
const std::string by_id_filtered = all_of_orders + R"(
    WHERE o.id = ?1 AND (?2 IS NULL OR u.username = ?2) AND (?3 IS NULL OR o.status = ?3)
      AND (?4 IS NULL OR o.product_name BETWEEN ?4 AND ?5))";

// Answered from the index alone (the plus keeps SQLite from walking through all ids instead); rows are read for those that will
// be shown.
constexpr std::string_view with_product =
    "SELECT id FROM orders_order WHERE product_name BETWEEN ?3 AND ?4 AND +id > ?1 ORDER BY +id LIMIT ?2";

/// @param columns those that were selected
order order_of(const cursor& row, const order_columns& columns = {}) {
    return order_as<std::string>(order_select_list.read(row, columns));
}

std::int64_t stored(order_status s) {
    return static_cast<std::int64_t>(s);
}

/// A filter as SQL compares it. Valid as long as what it was made of.
struct comparison {
    explicit comparison(const order_filter& filter)
        : user{filter.user}, status{filter.status ? std::optional{stored(*filter.status)} : std::nullopt},
          product{filter.product_name} {}

    const std::optional<std::string>& user;
    std::optional<std::int64_t> status;
    host::prefix_range product;
};

/// Two only while renames are on their way.
std::vector<user_id> ids_of_users(snapshot& s, const std::string& name) {
    std::vector<user_id> ids;
    for (auto found = s.query("SELECT id FROM orders_user WHERE username = ?1", name); found.next();)
        ids.push_back({found.integer(0)});
    return ids;
}

/// The orders of a slice that pass a filter. What leaves the fewest orders leads, the rest is checked on what it finds.
cursor rows_of(snapshot& s, const host::slice& wanted, const comparison& passing, const order_columns& columns) {
    const auto read = [&](const order_select& of, const auto&... values) {
        return of.rows(s, wanted, columns, passing.product.first, passing.product.last, values...);
    };
    if (passing.user) {
        const auto named = ids_of_users(s, *passing.user);
        return named.size() == 1 ? read(slice_of_user, passing.status, named.front())
                                 : read(slice_of_users_named, passing.status, *passing.user);
    }
    return passing.status ? read(slice_of_status, passing.status) : read(slice_of_all);
}

using page = host::page<order_view>;

/// False where the page is full and this order would be on the next.
bool take_if_passing(snapshot& s, order_id id, const comparison& passing, page& out) {
    auto row = s.query(by_id_filtered, id, passing.user, passing.status, passing.product.first, passing.product.last);
    return !row.next() || out.take(order_select_list.read(row));
}

void list_among(snapshot& s, const std::vector<order_id>& ids, std::int64_t after, const comparison& passing, page& out) {
    for (const auto id : ids)
        if (id.value > after && !take_if_passing(s, id, passing, out))
            return;
}

std::vector<order_id> ids_of_product(snapshot& s, const host::slice& wanted, const host::prefix_range& product) {
    std::vector<order_id> ids;
    for (auto rows = s.query(with_product, wanted.after, wanted.limit, product.first, product.last); rows.next();)
        ids.push_back({rows.integer(0)});
    return ids;
}

/// What `rows_of` would find, by the index of products' names. More than once around only where orders of users that are just
/// leaving were passed over.
void list_of_product(snapshot& s, host::slice wanted, const comparison& passing, page& out) {
    for (;;) {
        const auto ids = ids_of_product(s, wanted, passing.product);
        for (const auto id : ids)
            if (!take_if_passing(s, id, passing, out))
                return;
        if (static_cast<std::int64_t>(ids.size()) < wanted.limit)
            return;
        wanted.after = ids.back().value;
    }
}

} // namespace

std::optional<order> find(snapshot& s, order_id id) {
    auto rows = s.query(by_id, id);
    if (!rows.next())
        return std::nullopt;
    return order_of(rows);
}

std::vector<std::optional<order>> find(snapshot& s, std::span<const order_id> ids, const order_columns& columns) {
    std::vector<std::optional<order>> found(ids.size());
    for (auto rows = s.query(order_select_list.select(columns).append(with_ids), storage::json_array(ids)); rows.next();) {
        auto one = order_of(rows, columns);
        found[host::index_in(ids, one.id)] = std::move(one);
    }
    return found;
}

std::vector<order> find(snapshot& s, const host::slice& wanted, const order_filter& filter, const order_columns& columns) {
    std::vector<order> found;
    for (auto rows = rows_of(s, wanted, comparison{filter}, columns); rows.next();)
        found.push_back(order_of(rows, columns));
    return found;
}

std::vector<std::vector<order>> find_of_users(snapshot& s, std::span<const user_id> users, const host::slice& wanted,
                                              const order_columns& columns) {
    const auto ascending = host::ascending(std::vector<user_id>{users.begin(), users.end()});
    const std::span<const user_id> each_user{ascending};
    std::vector<std::vector<order>> slices(ascending.size());
    auto rows = slices_of_users.rows(s, wanted, columns, storage::json_array(each_user));
    for (std::size_t i = 0; rows.next();) { // both ascend
        auto one = order_of(rows, columns);
        while (ascending[i] < one.user_id)
            ++i;
        slices[i].push_back(std::move(one));
    }

    const bool each_once = ascending.size() == users.size();
    std::vector<std::vector<order>> found;
    found.reserve(users.size());
    for (const auto user : users) {
        auto& slice = slices[host::index_in(each_user, user)];
        found.push_back(each_once ? std::move(slice) : slice);
    }
    return found;
}

std::optional<order_id> list(snapshot& s, const order_query& query, host::row_visitor<order_view>& visitor) {
    const auto wanted = query.page.slice.with_one_more();
    const comparison passing{query.filter};
    page out{query.page.slice.limit, visitor};
    if (query.page.ids)
        list_among(s, *query.page.ids, wanted.after, passing, out);
    else if (passing.product.first && !passing.user && !passing.status)
        list_of_product(s, wanted, passing, out);
    else
        out.take_all(rows_of(s, wanted, passing, {}), [](const cursor& row) { return order_select_list.read(row); });
    return out.next();
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
