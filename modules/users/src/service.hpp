#pragma once

#include "account.hpp"

#include <base/call.hpp>
#include <base/clock.hpp>
#include <base/error.hpp>
#include <resource/service.hpp>

#include <string_view>

extern template class atrium::resource::service<atrium::users::account>; // compiled in module.cpp

namespace atrium::users {

/// The operations on users. May be called on any thread that runs an io_context. Arguments passed by reference must live until
/// the operation has completed. Every operation that returns an awaitable may fail with unavailable; creating and changing a
/// user may also fail with conflict (the name or the address is taken, or both; the error lists the fields).
class service final : public resource::service<account> {
public:
    explicit service(resource::service_parts parts);

    /// The user who has this name now; {0}, which is never the id of a user, if no user has it.
    [[nodiscard]] user_id find_id_by_name(storage::transaction& t, std::string_view username) const;

    /// Adds a created order to its user's count, inside the transaction that handles the event. Does nothing for an unknown
    /// user.
    void count_order(storage::transaction& t, user_id id, timestamp ordered_at) const;

    /// Subtracts a deleted order from its user's count, inside the transaction that handles the event. Does nothing for an
    /// unknown user, and the count never falls below 0.
    void discount_order(storage::transaction& t, user_id id) const;

private:
    result<> before_insert(storage::transaction& t, account& new_account) override;
    result<> before_update(storage::transaction& t, const account& old_account, account& new_account) override;
};

} // namespace atrium::users
