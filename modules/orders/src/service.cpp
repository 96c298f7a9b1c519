#include "service.hpp"

#include "order_table.hpp"

#include <orders/events.hpp>

#include <cstddef>
#include <string>
#include <utility>

namespace atrium::orders {
namespace {

using storage::snapshot;
using storage::transaction;
using user_table::known_user;

/// Orders of a leaving user that one commit removes: other writers wait no longer than that takes.
constexpr std::size_t departure_batch = 500;

error no_such_customer() {
    return invalid_field("/username", "is not the name of a user");
}

/// The order, if it is there and as the caller thinks.
result<order> present(snapshot& s, order_id id, const precondition& holds) {
    auto found = order_table::find(s, id);
    if (!found)
        return error{.code = errc::not_found, .detail = "there is no such order"};
    if (holds && !holds(*found))
        return error{.code = errc::precondition_failed,
                     .detail = "the order is not in the state that the request requires; fetch it again"};
    return *std::move(found);
}

/// Success where `before` may become `after`: only an order that is placed changes at all.
result<> allow(const order& before, const order& after) {
    if (before.status == order_status::placed)
        return {};

    error final_state{.code = errc::conflict,
                      .detail = "the order is " + std::string{name_of(before.status)} + ", which is final"};
    if (after.quantity != before.quantity)
        final_state.faults.push_back({"/quantity", "cannot change any more"});
    if (after.status != before.status)
        final_state.faults.push_back({"/status", "cannot change any more"});
    return final_state;
}

/// Takes in a name of a known user if it is newer than what is known.
void update_name(transaction& t, known_user& known, const users::user_summary& told) {
    if (known.deleted || told.revision <= known.revision)
        return;
    known.revision = told.revision;
    if (known.name == told.username)
        return user_table::set_revision(t, known);
    known.name = told.username;
    ++known.name_revision;
    user_table::rename(t, known);
}

/// Notes a user that places an order; what orders knows of it then, which may be newer, or that it has left.
known_user learn(transaction& t, const users::user_summary& user) {
    if (auto known = user_table::find(t, user.id)) {
        update_name(t, *known, user);
        return *std::move(known);
    }
    known_user met{.id = user.id, .name = user.username, .revision = user.revision};
    user_table::insert(t, met);
    return met;
}

} // namespace

awaitable<result<users::user_summary>> service::find_customer(std::string_view username, users::caller by) {
    auto found = co_await users_.find(username, by);
    if (!found && found.error().code == errc::not_found)
        co_return no_such_customer();
    co_return found;
}

awaitable<result<order>> service::place(const new_order& wanted, users::caller by) {
    const auto customer = co_await find_customer(wanted.username, by);
    if (!customer)
        co_return customer.error();

    co_return co_await store_.write([&](transaction& t) -> result<order> {
        const auto user = learn(t, *customer);
        if (user.deleted) // left between the question and this commit
            return no_such_customer();
        auto placed = order_table::insert(t, user, wanted, time_.now());
        publish(t, order_created, placed, by.traceparent);
        return placed;
    });
}

awaitable<result<order>> service::find(order_id id) {
    co_return co_await store_.read([&](snapshot& s) { return present(s, id, {}); });
}

awaitable<result<std::vector<std::optional<order>>>> service::find(std::span<const order_id> ids, order_columns columns) {
    co_return co_await store_.read(
        [&](snapshot& s) -> result<std::vector<std::optional<order>>> { return order_table::find(s, ids, columns); });
}

awaitable<result<std::vector<order>>> service::find(const host::slice& wanted, const order_filter& filter,
                                                    order_columns columns) {
    co_return co_await store_.read(
        [&](snapshot& s) -> result<std::vector<order>> { return order_table::find(s, wanted, filter, columns); });
}

awaitable<result<std::vector<std::vector<order>>>> service::find_of_users(std::span<const user_id> users,
                                                                          const host::slice& wanted, order_columns columns) {
    co_return co_await store_.read([&](snapshot& s) -> result<std::vector<std::vector<order>>> {
        return order_table::find_of_users(s, users, wanted, columns);
    });
}

awaitable<result<std::optional<order_id>>> service::list(const order_query& query, host::row_visitor<order_view>& visitor) {
    co_return co_await store_.read(
        [&](snapshot& s) -> result<std::optional<order_id>> { return order_table::list(s, query, visitor); });
}

awaitable<result<order>> service::change(order_id id, const order_change& wanted, const precondition& holds,
                                         std::string_view traceparent) {
    co_return co_await store_.write([&](transaction& t) -> result<order> {
        auto before = present(t, id, holds);
        if (!before)
            return before;
        auto after = *before;
        after.quantity = wanted.quantity.value_or(before->quantity);
        after.status = wanted.status.value_or(before->status);
        if (after.quantity == before->quantity && after.status == before->status)
            return before;

        if (const auto allowed = allow(*before, after); !allowed)
            return allowed.error();
        ++after.revision;
        after.updated_at = time_.now();
        order_table::update(t, after);
        publish(t, order_updated, after, traceparent);
        return after;
    });
}

awaitable<result<>> service::remove(order_id id, const precondition& holds, std::string_view traceparent) {
    co_return co_await store_.write([&](transaction& t) -> result<> {
        auto last = present(t, id, holds);
        if (!last)
            return last.error();
        order_table::remove(t, id);
        ++last->revision; // going is the last change
        publish(t, order_deleted, *last, traceparent);
        return {};
    });
}

void service::rename_user(transaction& t, const users::user_summary& user) const {
    if (auto known = user_table::find(t, user.id))
        update_name(t, *known, user);
}

awaitable<result<>> service::remove_user(user_id id, std::string_view name, std::string_view traceparent) {
    const auto remove_some = [&](transaction& t) -> result<std::size_t> {
        user_table::bury(t, id);
        auto orders = order_table::remove_some(t, id, departure_batch);
        for (auto& gone : orders) {
            gone.user = name;
            ++gone.revision;
            publish(t, order_deleted, gone, traceparent);
        }
        return orders.size();
    };
    for (;;) {
        const auto removed = co_await store_.write(remove_some, storage::lane::internal);
        if (!removed)
            co_return removed.error();
        if (*removed < departure_batch) // none is left, and the tombstone lets none come
            co_return result<>{};
    }
}

void service::publish(transaction& t, std::string_view topic, const order& o, std::string_view traceparent) const {
    auto e = to_event(topic, {.id = o.id,
                              .user_id = o.user_id,
                              .user = o.user,
                              .product_name = o.product_name,
                              .quantity = o.quantity,
                              .status = o.status,
                              .revision = o.revision});
    e.traceparent = traceparent;
    bus_.publish(t, std::move(e));
}

} // namespace atrium::orders
