#include "handlers.hpp"

#include <entity/event_data.hpp>
#include <users/events.hpp>

#include <utility>

namespace atrium::orders {
namespace {

/// The data that this module reads from an event about a user.
struct user_data {
    user_id id;
    std::string username;
    std::int64_t revision = 0;
};
const auto described_user_data =
    entity::describe_data<user_data>(entity::datum{"user_id", &user_data::id}, entity::datum{"username", &user_data::username},
                                     entity::datum{"revision", &user_data::revision});

awaitable<result<>> remove_deleted_user(service& orders, events::delivery d) {
    const auto user = described_user_data.read(d.event().data);
    if (!user)
        co_return user.error();
    const auto removed = co_await orders.remove_user(user->id, user->username, {.traceparent = d.event().traceparent});
    if (!removed)
        co_return removed.error();
    co_return co_await d.complete();
}

} // namespace

events::subscription user_names() {
    return {.name = "orders.user_names", .topics = {std::string{users::user_updated}}};
}

events::subscription user_departure() {
    // The deadline is long enough to delete a million orders of one user, which takes two thousand commits.
    return {
        .name = "orders.user_departure", .topics = {std::string{users::user_deleted}}, .deadline = std::chrono::minutes{10}};
}

std::vector<host::consumption> consumed_events() {
    return {{std::string{users::user_updated}, &described_user_data}, {std::string{users::user_deleted}, &described_user_data}};
}

void add_handlers(events::bus& bus, service& orders) {
    bus.subscribe(user_names(), [&orders](storage::transaction& t, const events::event& e) -> result<> {
        const auto user = described_user_data.read(e.data);
        if (!user)
            return user.error();
        orders.rename_user(t, {.id = user->id, .username = user->username, .revision = user->revision});
        return {};
    });
    bus.subscribe(user_departure(), [&orders](events::delivery d) { return remove_deleted_user(orders, std::move(d)); });
}

} // namespace atrium::orders
