#include "service.hpp"
#include "user_table.hpp"

#include <cstddef>
#include <string>
#include <utility>

// Lists the orders of several users, and deletes the orders of a deleted user.

namespace atrium::orders {
namespace {

using storage::transaction;

/// Max number of a deleted user's orders that one commit removes. This limits how long other changes wait.
constexpr std::size_t max_orders_per_commit = 500;

} // namespace

awaitable<result<std::vector<entity::page<order>>>> service::list_of_users(std::span<const user_id> users,
                                                                           const entity::list_query& query,
                                                                           entity::field_set fields, const call& /*caller*/) {
    static const auto user_field = order_entity.index_of("user_id");
    co_return co_await store().read([&](storage::snapshot& s) -> result<std::vector<entity::page<order>>> {
        return rows().list_each(s, user_field, users, query, fields);
    });
}

awaitable<result<>> service::remove_user(user_id id, std::string_view name, const call& caller) {
    static const auto remove_sql = "DELETE FROM orders_order WHERE id IN "
                                   "(SELECT id FROM orders_order WHERE user_id = ?1 ORDER BY id LIMIT ?2)" +
                                   (" RETURNING " + rows().sql().own_columns());
    const auto remove_batch = [&](transaction& t) -> result<std::size_t> {
        user_table::write_tombstone(t, id);
        std::size_t removed = 0;
        for (auto deleted_rows = t.query(remove_sql, id, max_orders_per_commit); deleted_rows.next(); ++removed) {
            auto deleted_order = rows().read(deleted_rows, rows().sql().own());
            deleted_order.user = name;
            publish_removal(t, std::move(deleted_order), caller);
        }
        return removed;
    };
    for (;;) {
        const auto removed = co_await store().write(remove_batch, storage::write_priority::internal);
        if (!removed)
            co_return removed.error();
        if (*removed < max_orders_per_commit) // no order is left, and the tombstone prevents new ones
            co_return result<>{};
    }
}

} // namespace atrium::orders
