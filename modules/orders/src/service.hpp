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

/// The operations on orders. May be called on any thread that runs an io_context. Arguments passed by reference must live until
/// the operation has completed. Every operation that returns an awaitable may fail with unavailable.
class service final : public resource::service<order> {
public:
    /// `users` must outlive this object.
    service(resource::service_parts parts, users::directory& users);

    /// Places an order for the user with the given name. Errors: invalid (with all errors of the input, including an unknown
    /// user).
    awaitable<result<order>> create(input::reader& reader, const call& caller) override;

    /// Returns one page of orders for each user, in the same sequence as `users`, which need not be sorted.
    awaitable<result<std::vector<entity::page<order>>>> list_of_users(std::span<const user_id> users,
                                                                      const entity::list_query& query, entity::field_set fields,
                                                                      const call& caller);

    /// Stores a user's new name, inside the transaction that handles the event. Does nothing if the stored name is newer, or
    /// if `orders_user` has no row or only a tombstone for the user.
    void rename_user(storage::transaction& t, const users::user_summary& user) const;

    /// Deletes all orders of a deleted user, at most 500 in each commit. After the first commit, no order of the user is shown,
    /// and none can be placed. The function may be interrupted anywhere and called again. `name` becomes the user's name in the
    /// published events.
    awaitable<result<>> remove_user(user_id id, std::string_view name, const call& caller);

private:
    /// Allows changes only to orders in status placed. Errors: conflict, which lists each field that would change.
    result<> before_update(storage::transaction& t, const order& old_order, order& new_order) override;

    awaitable<result<users::user_summary>> find_customer(std::string_view username, const call& caller);

    users::directory& users_;
};

} // namespace atrium::orders
