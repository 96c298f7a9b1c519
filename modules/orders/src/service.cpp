#include "service.hpp"

#include "user_table.hpp"

#include <entity/changes.hpp>
#include <orders/events.hpp>

#include <cstddef>
#include <string>
#include <utility>

namespace atrium::orders {
namespace {

using storage::transaction;
using user_table::local_user;

constexpr std::string_view no_name_of_a_user = "is not the name of a user";

/// Stores the name in `user` if it is newer than the name in `known`, which is updated as well.
void update_name(transaction& t, local_user& known, const users::user_summary& user) {
    if (known.deleted || user.revision <= known.revision)
        return;
    known.revision = user.revision;
    if (known.name == user.username)
        return user_table::set_revision(t, known);
    known.name = user.username;
    ++known.name_revision;
    user_table::rename(t, known);
}

/// Inserts or updates the local copy of the user and returns it. The copy may be newer than `user`, or a tombstone.
local_user remember_user(transaction& t, const users::user_summary& user) {
    if (auto known = user_table::find_user(t, user.id)) {
        update_name(t, *known, user);
        return *std::move(known);
    }
    local_user met{.id = user.id, .name = user.username, .revision = user.revision};
    user_table::insert(t, met);
    return met;
}

} // namespace

service::service(resource::service_parts parts, users::directory& users)
    : resource::service<order>{order_entity, {order_created, order_updated, order_deleted}, std::move(parts)}, users_{users} {}

awaitable<result<users::user_summary>> service::find_customer(std::string_view username, const call& caller) {
    auto found = co_await users_.find_user_by_name(username, caller);
    if (!found && found.error().code == errc::not_found)
        co_return invalid_field("/username", std::string{no_name_of_a_user});
    co_return found;
}

awaitable<result<order>> service::create(input::reader& reader, const call& caller) {
    order placed;
    const bool has_name = resource::read_new(order_entity, reader, &placed).test(order_entity.index_of("user"));
    result<users::user_summary> customer = error{.code = errc::invalid};
    if (has_name) {
        customer = co_await find_customer(placed.user, caller);
        if (!customer && customer.error().code == errc::invalid)
            reader.add_error("username", std::string{no_name_of_a_user});
    }
    if (const auto read = reader.finish(); !read)
        co_return read.error();
    if (!customer)
        co_return customer.error();

    co_return co_await store().write([&](transaction& t) -> result<order> {
        const auto user = remember_user(t, *customer);
        if (user.deleted) // deleted between the lookup and this commit
            return invalid_field("/username", std::string{no_name_of_a_user});
        placed.user_id = user.id;
        placed.user = user.name;
        placed.name_revision = user.name_revision;
        return insert(t, placed, caller);
    });
}

result<> service::before_update(transaction&, const order& previous, order& updated) {
    if (previous.status == order_status::placed)
        return {};
    const auto word = describe_enumeration(previous.status).words[static_cast<std::size_t>(previous.status)];
    error final_state{.code = errc::conflict, .detail = "the order is " + std::string{word} + ", which is final"};
    const auto changed = entity::changed_fields(order_entity, &previous, &updated);
    for (std::size_t i = 0; i < order_entity.fields().size(); ++i)
        if (const auto& rules = order_entity.fields()[i].change; rules && changed.test(i))
            final_state.faults.push_back({"/" + std::string{rules->name}, "cannot change any more"});
    return final_state;
}

void service::rename_user(transaction& t, const users::user_summary& user) const {
    if (auto known = user_table::find_user(t, user.id))
        update_name(t, *known, user);
}

} // namespace atrium::orders
