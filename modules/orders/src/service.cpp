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

constexpr std::string_view unknown_user_message = "is not the name of a user";

/// If `user` has a newer revision than `stored_user`, updates both the row and `stored_user`. Does nothing for a tombstone.
void update_name(transaction& t, local_user& stored_user, const users::user_summary& user) {
    if (stored_user.is_deleted || user.revision <= stored_user.revision)
        return;
    stored_user.revision = user.revision;
    if (stored_user.name == user.username)
        return user_table::set_revision(t, stored_user);
    stored_user.name = user.username;
    ++stored_user.name_revision;
    user_table::rename(t, stored_user);
}

/// Inserts or updates the local copy of the user and returns it. The copy may be newer than `user`, or a tombstone.
local_user remember_user(transaction& t, const users::user_summary& user) {
    if (auto stored_user = user_table::find_user(t, user.id)) {
        update_name(t, *stored_user, user);
        return *std::move(stored_user);
    }
    local_user new_user{.id = user.id, .name = user.username, .revision = user.revision};
    user_table::insert(t, new_user);
    return new_user;
}

} // namespace

service::service(resource::service_parts parts, users::directory& users)
    : resource::service<order>{order_entity, {order_created, order_updated, order_deleted}, std::move(parts)}, users_{users} {}

awaitable<result<users::user_summary>> service::find_customer(std::string_view username, const call& caller) {
    auto customer = co_await users_.find_user_by_name(username, caller);
    if (!customer && customer.error().code == errc::not_found)
        co_return invalid_field("/username", std::string{unknown_user_message});
    co_return customer;
}

awaitable<result<order>> service::create(input::reader& reader, const call& caller) {
    order new_order;
    const bool has_name = resource::read_new(order_entity, reader, &new_order).test(order_entity.index_of("user"));
    result<users::user_summary> customer =
        error{.code = errc::invalid}; // never returned: if there is no name, the reader has an error
    if (has_name) {
        customer = co_await find_customer(new_order.user, caller);
        if (!customer && customer.error().code == errc::invalid)
            reader.add_error("username", std::string{unknown_user_message});
    }
    if (const auto read = reader.finish(); !read)
        co_return read.error();
    if (!customer)
        co_return customer.error();

    co_return co_await store().write([&](transaction& t) -> result<order> {
        const auto user = remember_user(t, *customer);
        if (user.is_deleted) // deleted between the lookup and this commit
            return invalid_field("/username", std::string{unknown_user_message});
        new_order.user_id = user.id;
        new_order.user = user.name;
        new_order.name_revision = user.name_revision;
        return insert(t, new_order, caller);
    });
}

result<> service::before_update(transaction&, const order& old_order, order& new_order) {
    if (old_order.status == order_status::placed)
        return {};
    const auto word = describe_enumeration(old_order.status).words[static_cast<std::size_t>(old_order.status)];
    error refusal{.code = errc::conflict, .detail = "the order is " + std::string{word} + ", which is final"};
    const auto changed = entity::changed_fields(order_entity, &old_order, &new_order);
    for (std::size_t i = 0; i < order_entity.fields().size(); ++i)
        if (const auto& rules = order_entity.fields()[i].change; rules && changed.test(i))
            refusal.faults.push_back({"/" + std::string{rules->name}, "cannot change any more"});
    return refusal;
}

void service::rename_user(transaction& t, const users::user_summary& user) const {
    if (auto stored_user = user_table::find_user(t, user.id))
        update_name(t, *stored_user, user);
}

} // namespace atrium::orders
