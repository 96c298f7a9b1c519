#include "schema.hpp"

#include <entity/event_data.hpp>
#include <resource/feed_source.hpp>
#include <resource/graphql.hpp>
#include <users/events.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace atrium::users {
namespace {

using graphql::field_call;

void add_user_query(graphql::object_builder<graphql::root> query, service& users) {
    query
        .root("user(id: ID, username: String): User", "Finds a user by id or by name.",
              [&users](const field_call& field) -> awaitable<result<std::optional<account>>> {
                  const auto id = field.arguments.get<std::optional<std::string>>("id");
                  const auto username = field.arguments.get<std::optional<std::string>>("username");
                  if (id.has_value() == username.has_value())
                      co_return error{.code = errc::malformed, .detail = "exactly one of id and username is needed"};
                  const auto fields = resource::fields_of(account_entity, field.selection);
                  if (username)
                      co_return co_await users.find_by_field(account_entity.index_of("username"), *username, fields,
                                                             resource::call_of(field.context));
                  const user_id ids[] = {resource::read_id<user_id>(*id)};
                  auto accounts =
                      co_await users.find_all(std::span<const user_id>{ids}, fields, resource::call_of(field.context));
                  if (!accounts)
                      co_return accounts.error();
                  co_return std::move(accounts->front());
              })
        .scope(account_entity.read_scope());
}

/// The data that the GraphQL subscription reads from an event about a user.
struct created_user {
    user_id id;
};
const auto created_user_data = entity::describe_data<created_user>(entity::datum{"user_id", &created_user::id});

/// Finds the users that the events report as created. Returns their present state, and leaves out deleted users.
awaitable<result<resource::feed_source<account>::rows>> find_created_users(service& users, std::vector<events::event> events) {
    const auto id_of = [](const events::event& e) -> std::optional<user_id> {
        const auto data = created_user_data.read(e.data);
        return data ? std::optional{data->id} : std::nullopt;
    };
    const auto find_accounts =
        [&users](std::span<const user_id> ids) -> awaitable<result<std::vector<std::optional<account>>>> {
        const call caller;
        co_return co_await users.find_all(ids, account_entity.all(), caller);
    };
    co_return co_await resource::find_announced<account>(std::move(events), id_of, find_accounts, &account::id);
}

void add_subscriptions(graphql::object_builder<graphql::root> subscription, service& users, events::feed& feed) {
    using source = resource::feed_source<account>;
    subscription
        .stream("userCreated: User!", "Each user that is created from now on.",
                [&users, &feed](const field_call& field) -> awaitable<source::opened> {
                    auto read = [&users](std::vector<events::event> e) { return find_created_users(users, std::move(e)); };
                    co_return co_await source::resume(feed, std::string{user_created}, field.context, read);
                })
        .scope(account_entity.read_scope());
}

} // namespace

constexpr auto list_description =
    "Users, by ascending id unless `sort` or `search` sets another order. `search` matches the beginning of "
    "the name or of the address.";

void add_types(graphql::schema_builder& builder, service& users, events::feed& feed) {
    resource::add_type(builder, users);
    resource::add_list(builder, users, "allUsers", list_description);
    add_user_query(builder.query(), users);
    resource::add_paged_list(builder, users, "users", list_description);
    resource::add_mutations(builder, users,
                            {.create = "Fails if the name or the address is taken.",
                             .update = {},
                             .remove = "The user's orders are deleted as well."});
    add_subscriptions(builder.subscription(), users, feed);
}

} // namespace atrium::users
