#pragma once

#include "account.hpp"
#include "order_table.hpp"

#include <base/call.hpp>
#include <base/clock.hpp>
#include <base/error.hpp>
#include <resource/service.hpp>

#include <optional>
#include <string_view>

extern template class atrium::resource::service<atrium::users::account>; // compiled in module.cpp

namespace atrium::users {

/// The part of an event about an order that matters for counting.
struct order_change {
    std::optional<order_id> order; ///< empty if the event comes from another program, whose orders have ids of their own
    user_id user;
    timestamp time;         ///< the time of the event
    bool is_replay = false; ///< whether an operator's replay delivers the event again
};

/// The operations on users. May be called on any thread that runs an io_context. Arguments passed by reference must live until
/// the operation has completed. Every operation that returns an awaitable may fail with unavailable; creating and changing a
/// user may also fail with conflict (the name or the address is taken, or both; the error lists the fields).
class service final : public resource::service<account> {
public:
    explicit service(resource::service_parts parts);

    /// Returns the id of the user who has this name now, or {0}, which no user has.
    [[nodiscard]] user_id find_id_by_name(storage::transaction& t, std::string_view username) const;

    /// Adds a created order to its user's count, inside the transaction that handles the event. Does nothing for an unknown
    /// user, and counts no order twice or after it was deleted (docs/decisions/0040).
    void count_order(storage::transaction& t, const order_change& created) const;

    /// Subtracts a deleted order from its user's count, inside the transaction that handles the event. Does nothing for an
    /// unknown user, and subtracts only what was counted.
    void discount_order(storage::transaction& t, const order_change& deleted) const;

private:
    result<> before_insert(storage::transaction& t, account& new_account) override;
    result<> before_update(storage::transaction& t, const account& old_account, account& new_account) override;
};

} // namespace atrium::users
