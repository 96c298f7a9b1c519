#pragma once

#include "order_state.hpp"

#include <base/clock.hpp>
#include <base/ids.hpp>
#include <storage/sql.hpp>
#include <users/user.hpp>

#include <chrono>
#include <cstdint>

namespace atrium::users {

using order_id = id<struct order_tag>;

} // namespace atrium::users

/// All SQL on the tables users_order and users_order_history (migrations/users).
namespace atrium::users::order_table {

struct order_row {
    order_state state = order_state::unknown;
    user_id user; ///< the user in whose `order_count` the order was counted; {0} if unknown
};

[[nodiscard]] order_row find_order(storage::snapshot& s, order_id order);

/// Inserts a row with the state `counted` for an order that has no row.
void insert_counted(storage::transaction& t, order_id order, user_id user);

/// Sets the state of the order to `deleted` or `assumed`.
void write_tombstone(storage::transaction& t, order_id order, user_id user, order_state state, timestamp now);

/// Changes the state of an order from `assumed` to `deleted`.
void confirm_tombstone(storage::transaction& t, order_id order);

void remove_order(storage::transaction& t, order_id order);

/// How many tombstones are kept, and for how long. If an `order_created` arrives after its order's tombstone was removed,
/// the deleted order is wrongly counted.
struct tombstone_limits {
    std::int64_t count = 1'000'000;
    std::chrono::hours age{24 * 90};
};

/// Removes up to two tombstones that exceed the limits. Because this is called for each new tombstone, the number of tombstones
/// stays bounded.
void remove_old_tombstones(storage::transaction& t, timestamp now, const tombstone_limits& limits = {});

/// Whether an event with this time may have been counted before users_order existed.
[[nodiscard]] bool may_predate_table(storage::snapshot& s, timestamp event_time);

/// Whether the order may have been counted before users_order existed.
[[nodiscard]] bool may_predate_table(storage::snapshot& s, order_id order);

/// Records the lowest id of all orders that were placed after users_order was created. Because the ids of orders increase, only
/// orders with a lower id may have been counted before users_order existed. Does nothing if a lower id is recorded, or if the
/// `order_created` of this order, with the time `event_time`, is so old that it may have been counted before users_order
/// existed.
void record_first_order(storage::transaction& t, order_id order, timestamp event_time);

} // namespace atrium::users::order_table
