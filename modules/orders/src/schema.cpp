#include "schema.hpp"

#include <base/text.hpp>
#include <entity/event_data.hpp>
#include <orders/events.hpp>
#include <resource/feed_source.hpp>
#include <resource/graphql.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace atrium::orders {
namespace {

using graphql::column;
using graphql::field_call;
using order_page = resource::connection<order>;

void add_orders_of_users(graphql::schema_builder& builder, service& orders) {
    builder.extend<user_id>("User")
        .batch("orders(" + std::string{resource::slice_arguments} + resource::filter_arguments_of_children(order_entity) +
                   "): OrderConnection!",
               "The user's orders, by ascending id unless `sort` or `productName` sets another order.",
               [&orders](std::span<const user_id> users, const field_call& field) -> awaitable<result<column<order_page>>> {
                   const auto query = resource::read_page(order_entity, field.arguments);
                   if (!query)
                       co_return query.error();
                   auto lists = co_await orders.list_of_users(users, *query, resource::fields_of(order_entity, field.selection),
                                                              resource::call_of(field.context));
                   if (!lists)
                       co_return lists.error();
                   column<order_page> pages;
                   pages.reserve(users.size());
                   for (auto& page : *lists)
                       pages.add(resource::make_connection(order_entity, *query, std::move(page)));
                   co_return pages;
               })
        .paged("first", "last");
}

/// The data that the GraphQL subscription reads from an event about a placed order. Events that arrive through a bridge have no
/// order id: their orders are not stored in this database.
struct placed_order {
    std::optional<order_id> id;
    std::optional<std::string> user;
};
const auto placed_order_data = entity::describe_data<placed_order>(entity::datum{"order_id", &placed_order::id},
                                                                   entity::datum{"user", &placed_order::user});

/// Finds the orders that the events report as placed. Returns their present state, and leaves out deleted orders.
awaitable<result<resource::feed_source<order>::rows>> find_placed_orders(service& orders, std::vector<events::event> events,
                                                                         const std::optional<std::string>& username) {
    const auto id_of = [&username](const events::event& e) -> std::optional<order_id> {
        const auto data = placed_order_data.read(e.data);
        if (!data || (username && !ascii_iequals(data->user.value_or(""), *username)))
            return std::nullopt;
        return data->id;
    };
    const auto find_orders = [&orders](std::span<const order_id> ids) -> awaitable<result<std::vector<std::optional<order>>>> {
        const call caller;
        co_return co_await orders.find_all(ids, order_entity.all(), caller);
    };
    co_return co_await resource::find_announced<order>(std::move(events), id_of, find_orders, &order::id);
}

void add_subscriptions(graphql::object_builder<graphql::root> subscription, service& orders, events::feed& feed) {
    using source = resource::feed_source<order>;
    subscription
        .stream("orderCreated(username: String): Order!", "Each order that is placed from now on, by all users or by one.",
                [&orders, &feed](const field_call& field) -> awaitable<source::opened> {
                    auto read = [&orders, username = field.arguments.get<std::optional<std::string>>("username")](
                                    std::vector<events::event> e) {
                        return find_placed_orders(orders, std::move(e), username);
                    };
                    co_return co_await source::resume(feed, std::string{order_created}, field.context, std::move(read));
                })
        .scope(order_entity.read_scope());
}

} // namespace

constexpr auto list_description = "Orders, by ascending id unless `sort` or `productName` sets another order.";

void add_types(graphql::schema_builder& builder, service& orders, events::feed& feed) {
    resource::add_enumeration<order_status>(builder);
    resource::add_type(builder, orders);
    add_orders_of_users(builder, orders);
    resource::add_list(builder, orders, "allOrders", list_description);
    builder.query()
        .root("order(id: ID!): Order",
              [](const field_call& field) -> awaitable<order_id> {
                  co_return resource::read_id<order_id>(field.arguments.get<std::string_view>("id"));
              })
        .scope(order_entity.read_scope());
    resource::add_paged_list(builder, orders, "orders", list_description);
    resource::add_mutations(builder, orders,
                            {.create = {}, .update = "Only an order in status PLACED can change.", .remove = {}});
    add_subscriptions(builder.subscription(), orders, feed);
}

} // namespace atrium::orders
