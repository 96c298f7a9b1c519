#pragma once

#include "order.hpp"
#include "user_table.hpp"

#include <host/page.hpp>
#include <host/slice.hpp>
#include <storage/sql.hpp>

#include <optional>
#include <span>
#include <vector>

/// All SQL on `orders_order`. The orders of a user that has left are hidden from `find` and `list` at once, although they are
/// removed little by little.
namespace atrium::orders::order_table {

[[nodiscard]] std::optional<order> find(storage::snapshot& s, order_id id);

/// One answer for each id, empty where there is no such order. By one statement. Ids ascend, each once.
[[nodiscard]] std::vector<std::optional<order>> find(storage::snapshot& s, std::span<const order_id> ids,
                                                     const order_columns& columns);

/// In the order of reading: `host::slice::from_end` reads backwards.
[[nodiscard]] std::vector<order> find(storage::snapshot& s, const host::slice& wanted, const order_filter& filter,
                                      const order_columns& columns);

/// That slice of each user's orders, in the order of the users, who may come in any. By one statement.
[[nodiscard]] std::vector<std::vector<order>> find_of_users(storage::snapshot& s, std::span<const user_id> users,
                                                            const host::slice& wanted, const order_columns& columns);

/// Hands a page of orders to `visitor`. The id behind which the next page begins; empty where there is none.
[[nodiscard]] std::optional<order_id> list(storage::snapshot& s, const order_query& query,
                                           host::row_visitor<order_view>& visitor);

/// `user` is in `orders_user`.
[[nodiscard]] order insert(storage::transaction& t, const user_table::known_user& user, const new_order& wanted, timestamp now);

/// Writes quantity, status, revision and updated_at.
void update(storage::transaction& t, const order& changed);

void remove(storage::transaction& t, order_id id);

/// Removes orders of a user, at most `most`; what they were, without the user's name.
[[nodiscard]] std::vector<order> remove_some(storage::transaction& t, user_id of, std::size_t most);

} // namespace atrium::orders::order_table
