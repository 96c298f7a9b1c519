#pragma once

namespace atrium::users {

/// Whether an order is part of the `order_count` of its user, according to the events that have arrived (docs/decisions/0040).
enum class order_state {
    unknown, ///< the table `users_order` has no row for the order
    counted, ///< the order is counted
    deleted, ///< the order is deleted: it is not counted, and will not be counted
    assumed, ///< the order is deleted, and was subtracted because an earlier version had probably counted it
};

/// How an event changes the state of its order and the counts of its user.
struct order_step {
    order_state next;
    int count = 0;    ///< is added to `order_count`
    int unlisted = 0; ///< is added to the number of orders that are counted but have no row in `users_order`

    bool operator==(const order_step&) const = default;
};

/// The effect of `order_created`. `was_counted_earlier` means that the event is replayed, and that a version without the
/// table `users_order` has counted the order.
[[nodiscard]] constexpr order_step step_of_creation(order_state state, bool was_counted_earlier) noexcept {
    switch (state) {
    case order_state::unknown: return was_counted_earlier ? order_step{state} : order_step{order_state::counted, 1};
    case order_state::assumed:
        return was_counted_earlier ? order_step{state} : order_step{order_state::deleted, 1, 1}; // the assumption was wrong
    case order_state::counted:
    case order_state::deleted: break;
    }
    return {state};
}

/// The effect of `order_deleted`. `may_be_unlisted` means that a version without the table `users_order`
/// may have counted the order.
[[nodiscard]] constexpr order_step step_of_deletion(order_state state, bool may_be_unlisted) noexcept {
    switch (state) {
    case order_state::unknown:
        return may_be_unlisted ? order_step{order_state::assumed, -1, -1} : order_step{order_state::deleted};
    case order_state::counted: return {order_state::deleted, -1};
    case order_state::deleted:
    case order_state::assumed: break;
    }
    return {state};
}

} // namespace atrium::users
