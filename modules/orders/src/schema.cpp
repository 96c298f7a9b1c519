#include "schema.hpp"

#include "input.hpp"
#include "placing.hpp"

#include <base/text.hpp>
#include <host/connection.hpp>
#include <host/feed_source.hpp>
#include <host/ids.hpp>
#include <host/input_object.hpp>
#include <host/node.hpp>
#include <orders/events.hpp>

#include <string>
#include <utility>
#include <vector>

namespace atrium::orders {
namespace {

using graphql::arguments;
using graphql::column;
using graphql::context;
using graphql::selection;
using order_page = host::connection<order>;

order_columns columns_of(const selection& s) {
    return {.user = s.reads(&order::user),
            .product_name = s.reads(&order::product_name),
            .quantity = s.reads(&order::quantity),
            .status = s.reads(&order::status),
            .revision = s.reads(&order::revision),
            .name_revision = s.reads(&order::name_revision),
            .created_at = s.reads(&order::created_at),
            .updated_at = s.reads(&order::updated_at)};
}

void add_order(graphql::schema_builder& to, service& orders) {
    to.enumeration<order_status>(
        "OrderStatus", "Placed, then one of the two others, which are final.",
        {{order_status::placed, "PLACED"}, {order_status::fulfilled, "FULFILLED"}, {order_status::cancelled, "CANCELLED"}});
    auto type = to.object<order>("Order", "What a user ordered.").implements("Node");
    type.key(&order::id, [&orders](std::span<const order_id> ids, const selection& s) -> awaitable<result<column<order>>> {
        auto found = co_await orders.find(ids, columns_of(s));
        if (!found)
            co_return found.error();
        co_return column<order>::of(*std::move(found));
    });
    type.field("nodeId: ID!", [](const order& o) { return host::node_id("Order", o.id); }).reads(&order::id);
    type.field("id: ID!", &order::id);
    type.field("user: User", "Who placed it.", &order::user_id);
    type.field("productName: String!", &order::product_name);
    type.field("quantity: Int!", &order::quantity);
    type.field("status: OrderStatus!", &order::status);
    type.field("revision: Int!", "Counts every change of the order itself.", &order::revision);
    type.field("createdAt: DateTime!", &order::created_at);
    type.field("updatedAt: DateTime!", &order::updated_at);
    host::add_connection<order>(to, "Order");
}

void add_orders_of_users(graphql::schema_builder& to, service& orders) {
    to.extend<user_id>("User")
        .field("orders(" + std::string{host::slice_arguments} + "): OrderConnection!", "The user's orders by ascending id.",
               [&orders](std::span<const user_id> users, const arguments& a,
                         const selection& s) -> awaitable<result<column<order_page>>> {
                   const auto wanted = host::read_slice(a);
                   if (!wanted)
                       co_return wanted.error();
                   auto found = co_await orders.find_of_users(users, wanted->with_one_more(), columns_of(s));
                   if (!found)
                       co_return found.error();
                   column<order_page> pages;
                   pages.reserve(users.size());
                   for (auto& rows : *found)
                       pages.add(host::connect(*wanted, std::move(rows)));
                   co_return pages;
               })
        .paged("first", "last");
}

void add_queries(graphql::object_builder<graphql::root> query, service& orders) {
    query
        .field("allOrders(first: Int = 100): [Order!]!", "Orders by ascending id.",
               [&orders](const arguments& a, const selection& s) -> awaitable<result<std::vector<order>>> {
                   const auto wanted = host::read_slice(a);
                   if (!wanted)
                       co_return wanted.error();
                   co_return co_await orders.find(*wanted, {}, columns_of(s));
               })
        .paged("first");
    query.field("order(id: ID!): Order", [](const arguments& a, context&) -> awaitable<order_id> {
        co_return host::read_id<order_id>(a.get<std::string_view>("id"));
    });
    query
        .field("orders(" + std::string{host::slice_arguments} + ", username: String, status: OrderStatus): OrderConnection!",
               "Orders by ascending id.",
               [&orders](const arguments& a, const selection& s) -> awaitable<result<order_page>> {
                   const auto wanted = host::read_slice(a);
                   if (!wanted)
                       co_return wanted.error();
                   order_filter filter{.user = a.get<std::optional<std::string>>("username"),
                                       .status = a.get<std::optional<order_status>>("status")};
                   auto found = co_await orders.find(wanted->with_one_more(), filter, columns_of(s));
                   if (!found)
                       co_return found.error();
                   co_return host::connect(*wanted, *std::move(found));
               })
        .paged("first", "last");
}

/// A change's fields as REST has them: there states are written in lower case.
http::body_fields change_fields(const arguments& a) {
    auto fields = host::input_object(a, "input");
    if (auto* status = fields.if_contains("status"); status && status->is_string())
        *status = ascii_lower(std::string_view{status->get_string()});
    return http::body_fields::of(fields);
}

void add_mutations(graphql::schema_builder& to, service& orders) {
    to.define(R"(
        input CreateOrderInput { username: String!  productName: String!  quantity: Int = 1 }
        "What is left out stays as it is."
        input UpdateOrderInput { quantity: Int  status: OrderStatus }
    )");
    auto mutation = to.mutation();
    mutation.field("createOrder(input: CreateOrderInput!): Order!",
                   [&orders](const arguments& a, context& c) -> awaitable<result<order>> {
                       auto fields = http::body_fields::of(host::input_object(a, "input"));
                       const users::caller by{.traceparent = c.traceparent, .request_id = c.request_id};
                       co_return co_await place(orders, fields, by);
                   });
    mutation.field("updateOrder(id: ID!, input: UpdateOrderInput!): Order!", "Only an order that is placed changes at all.",
                   [&orders](const arguments& a, context& c) -> awaitable<result<order>> {
                       auto fields = change_fields(a);
                       const auto wanted = read_order_change(fields);
                       if (!wanted)
                           co_return wanted.error();
                       const auto id = host::read_id<order_id>(a.get<std::string_view>("id"));
                       co_return co_await orders.change(id, *wanted, {}, c.traceparent);
                   });
    mutation.field("deleteOrder(id: ID!): ID!", [&orders](const arguments& a, context& c) -> awaitable<result<order_id>> {
        const auto id = host::read_id<order_id>(a.get<std::string_view>("id"));
        const auto removed = co_await orders.remove(id, {}, c.traceparent);
        if (!removed)
            co_return removed.error();
        co_return id;
    });
}

/// The orders that were placed, as they are now; without those that are gone already, and without those that a bridge
/// publishes: they are not ours.
awaitable<result<host::feed_source<order>::rows>> placed(service& orders, std::vector<events::event> events,
                                                         const std::optional<std::string>& username) {
    const auto id_of = [&username](const events::event& e) {
        const auto fact = order_fact_of(e);
        return fact && (!username || ascii_iequals(fact->user, *username)) ? std::optional{fact->id} : std::nullopt;
    };
    const auto find = [&orders](std::span<const order_id> ids) { return orders.find(ids); };
    co_return co_await host::find_announced<order>(std::move(events), id_of, find, &order::id);
}

void add_subscriptions(graphql::object_builder<graphql::root> subscription, service& orders, events::feed& feed) {
    using source = host::feed_source<order>;
    subscription.field("orderCreated(username: String): Order!", "Each order from now on, or each of one user.",
                       [&orders, &feed](const arguments& a, context& c) -> awaitable<source::opened> {
                           auto read = [&orders, username = a.get<std::optional<std::string>>("username")](
                                           std::vector<events::event> e) { return placed(orders, std::move(e), username); };
                           co_return co_await source::resume(feed, std::string{order_created}, c, std::move(read));
                       });
}

} // namespace

void add_types(graphql::schema_builder& to, service& orders, events::feed& feed) {
    add_order(to, orders);
    add_orders_of_users(to, orders);
    add_queries(to.query(), orders);
    add_mutations(to, orders);
    add_subscriptions(to.subscription(), orders, feed);
}

} // namespace atrium::orders
