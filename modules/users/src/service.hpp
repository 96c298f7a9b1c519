#pragma once

#include "account.hpp"

#include <base/awaitable.hpp>
#include <base/clock.hpp>
#include <base/error.hpp>
#include <events/bus.hpp>
#include <host/page.hpp>
#include <host/slice.hpp>
#include <storage/store.hpp>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::users {

/// Whether a caller's idea of the present state holds. Asked inside the transaction that changes it, on the writer's thread,
/// while the caller waits. An empty function always holds.
using precondition = std::function<bool(const account&)>;

/// What can be done with users. Every change and the event that tells of it are one commit; `traceparent` goes into the event.
///
/// Any thread that runs an io_context; what is passed by reference must live until the answer is there. Errors of all:
/// unavailable.
class service {
public:
    /// `bus` and `time` outlive it.
    service(storage::store store, events::bus& bus, const clock& time) : store_{std::move(store)}, bus_{bus}, time_{time} {}

    /// Errors: conflict (name or address are taken; each is a fault).
    awaitable<result<account>> create(const new_account& wanted, std::string_view traceparent);

    /// Errors: not_found.
    awaitable<result<account>> find(user_id id);

    /// One answer for each id, empty where there is no such user. Ids ascend, each once.
    awaitable<result<std::vector<std::optional<account>>>> find(std::span<const user_id> ids, account_columns columns = {});

    /// Empty where there is none of that name, ASCII case ignored.
    awaitable<result<std::optional<account>>> find(std::string_view username, account_columns columns = {});

    /// The users of a slice, in the order of reading; where `search` is given, those whose name or address begins so.
    awaitable<result<std::vector<account>>> find(const host::slice& wanted, const std::optional<std::string>& search,
                                                 account_columns columns = {});

    /// Hands one page to `visitor`; the id behind which the next begins, empty where there is none.
    awaitable<result<std::optional<user_id>>> list(const account_query& query, host::row_visitor<account_view>& visitor);

    /// A change to what is there already changes nothing and tells nothing.
    /// Errors: not_found, precondition_failed, conflict (as `create`).
    awaitable<result<account>> change(user_id id, const account_change& wanted, const precondition& holds,
                                      std::string_view traceparent);

    /// Errors: not_found, precondition_failed.
    awaitable<result<>> remove(user_id id, const precondition& holds, std::string_view traceparent);

    /// Of the user who has this name now; {0}, which nobody has, where there is none.
    [[nodiscard]] user_id id_of(storage::transaction& t, std::string_view username) const;

    /// An order came or went. Part of the transaction of its event; a user that is gone is no error.
    void count_order(storage::transaction& t, user_id id, timestamp ordered_at) const;
    void discount_order(storage::transaction& t, user_id id) const;

private:
    void publish(storage::transaction& t, std::string_view topic, const account& a, std::string_view traceparent) const;

    storage::store store_;
    events::bus& bus_;
    const clock& time_;
};

} // namespace atrium::users
