#pragma once

namespace atrium::users {

/// What the events about an order have done to the `order_count` of its user (docs/decisions/0040).
enum class order_state {
    unknown, ///< nothing, as far as this table goes
    counted, ///< it is counted
    deleted, ///< it is not counted, and will not be
    assumed, ///< as `deleted`; it was subtracted because an earlier version seemed to have counted it
};

/// The effect of an event.
struct order_step {
    order_state next;
    int count = 0;    ///< is added to `order_count`
    int unlisted = 0; ///< is added to the number of counted orders that have no row

    bool operator==(const order_step&) const = default;
};

/// The effect of `order_created`. `was_counted_earlier`: this is the replay of an event that an earlier version has counted.
[[nodiscard]] constexpr order_step step_of_creation(order_state now, bool was_counted_earlier) noexcept {
    switch (now) {
    case order_state::unknown: return was_counted_earlier ? order_step{now} : order_step{order_state::counted, 1};
    case order_state::assumed:
        return was_counted_earlier ? order_step{now} : order_step{order_state::deleted, 1, 1}; // the assumption was wrong
    case order_state::counted:
    case order_state::deleted: break;
    }
    return {now};
}

/// The effect of `order_deleted`. `may_be_unlisted`: an earlier version may have counted the order.
[[nodiscard]] constexpr order_step step_of_deletion(order_state now, bool may_be_unlisted) noexcept {
    switch (now) {
    case order_state::unknown:
        return may_be_unlisted ? order_step{order_state::assumed, -1, -1} : order_step{order_state::deleted};
    case order_state::counted: return {order_state::deleted, -1};
    case order_state::deleted:
    case order_state::assumed: break;
    }
    return {now};
}

} // namespace atrium::users
