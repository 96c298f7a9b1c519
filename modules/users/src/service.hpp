#pragma once

#include "account.hpp"

#include <base/call.hpp>
#include <base/clock.hpp>
#include <base/error.hpp>
#include <resource/service.hpp>

#include <string_view>

extern template class atrium::resource::service<atrium::users::account>; // compiled in module.cpp

namespace atrium::users {

/// What can be done with users. Any thread that runs an io_context; what is passed by reference must live until the answer is
/// there. Errors of all: unavailable. Creating and changing: conflict (name or address are taken; each is an error of its
/// field).
class service final : public resource::service<account> {
public:
    explicit service(resource::service_parts parts);

    /// The user who has this name now; {0}, which is not the id of any user, if no user has it.
    [[nodiscard]] user_id id_of(storage::transaction& t, std::string_view username) const;

    /// An order came or went. Part of the transaction of its event; a user that is gone is not an error.
    void count_order(storage::transaction& t, user_id id, timestamp ordered_at) const;
    void discount_order(storage::transaction& t, user_id id) const;

private:
    result<> before_insert(storage::transaction& t, account& added) override;
    result<> before_update(storage::transaction& t, const account& before, account& after) override;
};

} // namespace atrium::users
