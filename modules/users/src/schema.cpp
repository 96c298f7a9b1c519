#include "schema.hpp"

#include "input.hpp"

#include <host/connection.hpp>
#include <host/feed_source.hpp>
#include <host/ids.hpp>
#include <host/input_object.hpp>
#include <host/node.hpp>
#include <users/events.hpp>

#include <string>
#include <utility>
#include <vector>

namespace atrium::users {
namespace {

using graphql::arguments;
using graphql::column;
using graphql::context;
using graphql::selection;

account_columns columns_of(const selection& s) {
    return {.username = s.reads(&account::username),
            .email = s.reads(&account::email),
            .order_count = s.reads(&account::order_count),
            .last_order_at = s.reads(&account::last_order_at),
            .revision = s.reads(&account::revision),
            .created_at = s.reads(&account::created_at),
            .updated_at = s.reads(&account::updated_at)};
}

void add_user(graphql::schema_builder& to, service& accounts) {
    auto user = to.object<account>("User", "Somebody who orders.").implements("Node");
    user.key(&account::id, [&accounts](std::span<const user_id> ids, const selection& s) -> awaitable<result<column<account>>> {
        auto found = co_await accounts.find(ids, columns_of(s));
        if (!found)
            co_return found.error();
        co_return column<account>::of(*std::move(found));
    });
    user.field("nodeId: ID!", [](const account& a) { return host::node_id("User", a.id); }).reads(&account::id);
    user.field("id: ID!", &account::id);
    user.field("username: String!", "Unique; upper and lower case are one.", &account::username);
    user.field("email: String!", "Unique; upper and lower case are one.", &account::email);
    user.field("orderCount: Int!", "Existing orders in any status, as far as their events have arrived.",
               &account::order_count);
    user.field("lastOrderAt: DateTime", "Never goes back.", &account::last_order_at);
    user.field("revision: Int!", "Counts every change of the user.", &account::revision);
    user.field("createdAt: DateTime!", &account::created_at);
    user.field("updatedAt: DateTime!", &account::updated_at);
    host::add_connection<account>(to, "User");
}

void add_queries(graphql::object_builder<graphql::root> query, service& accounts) {
    query
        .field("allUsers(first: Int = 100): [User!]!", "Users by ascending id.",
               [&accounts](const arguments& a, const selection& s) -> awaitable<result<std::vector<account>>> {
                   const auto wanted = host::read_slice(a);
                   if (!wanted)
                       co_return wanted.error();
                   co_return co_await accounts.find(*wanted, {}, columns_of(s));
               })
        .paged("first");
    query.field("user(id: ID, username: String): User", "By id or by name.",
                [&accounts](const arguments& a, const selection& s) -> awaitable<result<std::optional<account>>> {
                    const auto id = a.get<std::optional<std::string>>("id");
                    const auto username = a.get<std::optional<std::string>>("username");
                    if (id.has_value() == username.has_value())
                        co_return error{.code = errc::malformed, .detail = "either id or username is needed"};
                    if (username)
                        co_return co_await accounts.find(*username, columns_of(s));
                    const user_id wanted[] = {host::read_id<user_id>(*id)};
                    auto found = co_await accounts.find(wanted, columns_of(s));
                    if (!found)
                        co_return found.error();
                    co_return std::move(found->front());
                });
    query
        .field("users(" + std::string{host::slice_arguments} + ", search: String): UserConnection!",
               "Users by ascending id; `search` is how the name or the address begins.",
               [&accounts](const arguments& a, const selection& s) -> awaitable<result<host::connection<account>>> {
                   const auto wanted = host::read_slice(a);
                   if (!wanted)
                       co_return wanted.error();
                   auto found = co_await accounts.find(wanted->with_one_more(), a.get<std::optional<std::string>>("search"),
                                                       columns_of(s));
                   if (!found)
                       co_return found.error();
                   co_return host::connect(*wanted, *std::move(found));
               })
        .paged("first", "last");
}

void add_mutations(graphql::schema_builder& to, service& accounts) {
    to.define(R"(
        input CreateUserInput { username: String!  email: String! }
        "What is left out stays as it is."
        input UpdateUserInput { username: String  email: String }
    )");
    auto mutation = to.mutation();
    mutation.field("createUser(input: CreateUserInput!): User!", "Fails where name or address are taken.",
                   [&accounts](const arguments& a, context& c) -> awaitable<result<account>> {
                       auto fields = http::body_fields::of(host::input_object(a, "input"));
                       const auto wanted = read_new_account(fields);
                       if (!wanted)
                           co_return wanted.error();
                       co_return co_await accounts.create(*wanted, c.traceparent);
                   });
    mutation.field("updateUser(id: ID!, input: UpdateUserInput!): User!",
                   [&accounts](const arguments& a, context& c) -> awaitable<result<account>> {
                       auto fields = http::body_fields::of(host::input_object(a, "input"));
                       const auto wanted = read_account_change(fields);
                       if (!wanted)
                           co_return wanted.error();
                       const auto id = host::read_id<user_id>(a.get<std::string_view>("id"));
                       co_return co_await accounts.change(id, *wanted, {}, c.traceparent);
                   });
    mutation.field("deleteUser(id: ID!): ID!", "The user's orders follow.",
                   [&accounts](const arguments& a, context& c) -> awaitable<result<user_id>> {
                       const auto id = host::read_id<user_id>(a.get<std::string_view>("id"));
                       const auto removed = co_await accounts.remove(id, {}, c.traceparent);
                       if (!removed)
                           co_return removed.error();
                       co_return id;
                   });
}

/// The users that were created, as they are now; without those that have left already, and whatever else a bridge publishes.
awaitable<result<host::feed_source<account>::rows>> created(service& accounts, std::vector<events::event> events) {
    const auto id_of = [](const events::event& e) {
        const auto fact = user_fact_of(e);
        return fact ? std::optional{fact->id} : std::nullopt;
    };
    const auto find = [&accounts](std::span<const user_id> ids) { return accounts.find(ids); };
    co_return co_await host::find_announced<account>(std::move(events), id_of, find, &account::id);
}

void add_subscriptions(graphql::object_builder<graphql::root> subscription, service& accounts, events::feed& feed) {
    using source = host::feed_source<account>;
    subscription.field("userCreated: User!", "Each user from now on.",
                       [&accounts, &feed](const arguments&, context& c) -> awaitable<source::opened> {
                           auto read = [&accounts](std::vector<events::event> e) { return created(accounts, std::move(e)); };
                           co_return co_await source::resume(feed, std::string{user_created}, c, read);
                       });
}

} // namespace

void add_types(graphql::schema_builder& to, service& accounts, events::feed& feed) {
    add_user(to, accounts);
    add_queries(to.query(), accounts);
    add_mutations(to, accounts);
    add_subscriptions(to.subscription(), accounts, feed);
}

} // namespace atrium::users
