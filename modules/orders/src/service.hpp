#pragma once

#include "order.hpp"

#include <base/awaitable.hpp>
#include <base/call.hpp>
#include <base/error.hpp>
#include <resource/service.hpp>
#include <users/directory.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

extern template class atrium::resource::service<atrium::orders::order>; // compiled in module.cpp

namespace atrium::orders {

/// What can be done with orders. Any thread that runs an io_context; what is passed by reference must live until the answer is
/// there. Errors of all: unavailable.
class service final : public resource::service<order> {
public:
    /// `users` outlives it.
    service(resource::service_parts parts, users::directory& users);

    /// Places an order for the user with the given name. Errors: invalid (with all errors of the input; there may be no such
    /// user).
    awaitable<result<order>> create(input::reader& in, const call& by) override;

    /// One such list for each user, in the order of the users, who may come in any.
    awaitable<result<std::vector<entity::page<order>>>>
    list_of_users(std::span<const user_id> users, const entity::list_query& query, entity::field_set fields, const call& by);

    /// A user is called so now. Part of the transaction of its event; ignored if orders knows better, or has not met the user.
    void rename_user(storage::transaction& t, const users::user_summary& user) const;

    /// A user has left: no order of it is placed or shown from the first commit on, and all are removed when this returns, at
    /// most 500 in a commit. May be interrupted anywhere and begun again. `name` is what the events call the user.
    awaitable<result<>> remove_user(user_id id, std::string_view name, const call& by);

private:
    /// Only an order that is placed changes at all. Errors: conflict, with each field that would change.
    result<> before_update(storage::transaction& t, const order& before, order& after) override;

    awaitable<result<users::user_summary>> find_customer(std::string_view username, const call& by);

    users::directory& users_;
};

} // namespace atrium::orders
