#include "service.hpp"

#include "table.hpp"

#include <users/events.hpp>

#include <utility>

namespace atrium::users {
namespace {

using storage::snapshot;
using storage::transaction;

error no_such_user() {
    return {.code = errc::not_found, .detail = "there is no such user"};
}

/// The account, if it is there and as the caller thinks.
result<account> present(snapshot& s, user_id id, const precondition& holds) {
    auto found = table::find(s, id);
    if (!found)
        return no_such_user();
    if (holds && !holds(*found))
        return error{.code = errc::precondition_failed,
                     .detail = "the user is not in the state that the request requires; fetch it again"};
    return *std::move(found);
}

/// Success where nobody else has this name and this address.
result<> claim(snapshot& s, std::string_view username, std::string_view email, user_id owner) {
    const auto taken = table::find_taken(s, username, email, owner);
    if (!taken.username && !taken.email)
        return {};

    error clash{.code = errc::conflict};
    if (taken.username)
        clash.faults.push_back({"/username", "is taken"});
    if (taken.email)
        clash.faults.push_back({"/email", "is taken"});
    clash.detail = taken.username && taken.email ? "username and email are taken"
                   : taken.username              ? "username is taken"
                                                 : "email is taken";
    return clash;
}

} // namespace

awaitable<result<account>> service::create(const new_account& wanted, std::string_view traceparent) {
    co_return co_await store_.write([&](transaction& t) -> result<account> {
        if (const auto claimed = claim(t, wanted.username, wanted.email, user_id{}); !claimed)
            return claimed.error();
        auto made = table::insert(t, wanted, time_.now());
        publish(t, user_created, made, traceparent);
        return made;
    });
}

awaitable<result<account>> service::find(user_id id) {
    co_return co_await store_.read([&](snapshot& s) { return present(s, id, {}); });
}

awaitable<result<std::vector<std::optional<account>>>> service::find(std::span<const user_id> ids, account_columns columns) {
    co_return co_await store_.read(
        [&](snapshot& s) -> result<std::vector<std::optional<account>>> { return table::find(s, ids, columns); });
}

awaitable<result<std::optional<account>>> service::find(std::string_view username, account_columns columns) {
    co_return co_await store_.read(
        [&](snapshot& s) -> result<std::optional<account>> { return table::find(s, username, columns); });
}

awaitable<result<std::vector<account>>> service::find(const host::slice& wanted, const std::optional<std::string>& search,
                                                      account_columns columns) {
    co_return co_await store_.read(
        [&](snapshot& s) -> result<std::vector<account>> { return table::find(s, wanted, search, columns); });
}

awaitable<result<std::optional<user_id>>> service::list(const account_query& query, host::row_visitor<account_view>& visitor) {
    co_return co_await store_.read(
        [&](snapshot& s) -> result<std::optional<user_id>> { return table::list(s, query, visitor); });
}

awaitable<result<account>> service::change(user_id id, const account_change& wanted, const precondition& holds,
                                           std::string_view traceparent) {
    co_return co_await store_.write([&](transaction& t) -> result<account> {
        auto before = present(t, id, holds);
        if (!before)
            return before;
        auto after = *before;
        after.username = wanted.username.value_or(before->username);
        after.email = wanted.email.value_or(before->email);
        if (after.username == before->username && after.email == before->email)
            return before;

        if (const auto claimed = claim(t, after.username, after.email, id); !claimed)
            return claimed.error();
        ++after.revision;
        after.updated_at = time_.now();
        table::update(t, after);
        publish(t, user_updated, after, traceparent);
        return after;
    });
}

awaitable<result<>> service::remove(user_id id, const precondition& holds, std::string_view traceparent) {
    co_return co_await store_.write([&](transaction& t) -> result<> {
        auto last = present(t, id, holds);
        if (!last)
            return last.error();
        table::remove(t, id);
        ++last->revision; // leaving is the last change
        publish(t, user_deleted, *last, traceparent);
        return {};
    });
}

user_id service::id_of(transaction& t, std::string_view username) const {
    const auto found = table::find_summary(t, username);
    return found ? found->id : user_id{};
}

void service::count_order(transaction& t, user_id id, timestamp ordered_at) const {
    table::count_order(t, id, ordered_at, time_.now());
}

void service::discount_order(transaction& t, user_id id) const {
    table::discount_order(t, id, time_.now());
}

void service::publish(transaction& t, std::string_view topic, const account& a, std::string_view traceparent) const {
    auto e = to_event(topic, {.id = a.id, .username = a.username, .email = a.email, .revision = a.revision});
    e.traceparent = traceparent;
    bus_.publish(t, std::move(e));
}

} // namespace atrium::users
