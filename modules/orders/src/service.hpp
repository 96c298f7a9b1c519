#pragma once

#include "order.hpp"

#include <base/awaitable.hpp>
#include <base/clock.hpp>
#include <base/error.hpp>
#include <events/bus.hpp>
#include <host/page.hpp>
#include <host/slice.hpp>
#include <storage/store.hpp>
#include <users/directory.hpp>

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace atrium::orders {

/// Whether a caller's idea of the present state holds. Asked inside the transaction that changes it, on the writer's thread,
/// while the caller waits. An empty function always holds.
using precondition = std::function<bool(const order&)>;

/// What can be done with orders. Every change and the event that tells of it are one commit; `traceparent` goes into the event
/// (`by.traceparent`, where users is asked as well).
///
/// Any thread that runs an io_context; what is passed by reference must live until the answer is there. Errors of all:
/// unavailable.
class service {
public:
    /// `bus`, `time` and `users` outlive it.
    service(storage::store store, events::bus& bus, const clock& time, users::directory& users)
        : store_{std::move(store)}, bus_{bus}, time_{time}, users_{users} {}

    /// Who would place an order under that name. Errors: invalid (no such user, at "/username").
    awaitable<result<users::user_summary>> find_customer(std::string_view username, users::caller by);

    /// Errors: those of `find_customer`.
    awaitable<result<order>> place(const new_order& wanted, users::caller by);

    /// Errors: not_found.
    awaitable<result<order>> find(order_id id);

    /// One answer for each id, empty where there is no such order. Ids ascend, each once.
    awaitable<result<std::vector<std::optional<order>>>> find(std::span<const order_id> ids, order_columns columns = {});

    /// The orders of a slice, in the order of reading.
    awaitable<result<std::vector<order>>> find(const host::slice& wanted, const order_filter& filter,
                                               order_columns columns = {});

    /// That slice of each user's orders, in the order of the users, who may come in any.
    awaitable<result<std::vector<std::vector<order>>>> find_of_users(std::span<const user_id> users, const host::slice& wanted,
                                                                     order_columns columns = {});

    /// Hands one page to `visitor`; the id behind which the next begins, empty where there is none.
    awaitable<result<std::optional<order_id>>> list(const order_query& query, host::row_visitor<order_view>& visitor);

    /// A change to what is there already changes nothing and tells nothing.
    /// Errors: not_found, precondition_failed, conflict (the order is final).
    awaitable<result<order>> change(order_id id, const order_change& wanted, const precondition& holds,
                                    std::string_view traceparent);

    /// Errors: not_found, precondition_failed.
    awaitable<result<>> remove(order_id id, const precondition& holds, std::string_view traceparent);

    /// A user is called so now. Part of the transaction of its event; ignored where orders knows better, or has not met it.
    void rename_user(storage::transaction& t, const users::user_summary& user) const;

    /// A user has left: no order of it is placed or shown from the first commit on, and all are removed when this returns, at
    /// most 500 in a commit. May be broken off anywhere and begun again. `name` is what the events call it.
    awaitable<result<>> remove_user(user_id id, std::string_view name, std::string_view traceparent);

private:
    void publish(storage::transaction& t, std::string_view topic, const order& o, std::string_view traceparent) const;

    storage::store store_;
    events::bus& bus_;
    const clock& time_;
    users::directory& users_;
};

} // namespace atrium::orders
