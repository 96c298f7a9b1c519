#pragma once

#include <base/call.hpp>
#include <base/turn.hpp>
#include <entity/repository.hpp>
#include <graphql/arguments.hpp>
#include <graphql/context.hpp>
#include <graphql/schema_builder.hpp>
#include <graphql/selection.hpp>
#include <resource/connection.hpp>
#include <resource/node.hpp>
#include <resource/service.hpp>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// The GraphQL types of an entity and what can be asked of its service: derived from its description.
namespace atrium::resource {

/// On whose behalf a resolver works. Valid as long as the context.
[[nodiscard]] call call_of(const graphql::context& c);

/// The fields of the description that the selection reads of its rows.
[[nodiscard]] entity::field_set fields_of(const entity::description& d, std::type_index row, const graphql::selection& s);
template <class Entity>
[[nodiscard]] entity::field_set fields_of(const entity::described<Entity>& d, const graphql::selection& s) {
    return fields_of(d, typeid(Entity), s);
}

/// "username: String, status: OrderStatus, ids: [ID!], sort: String": the arguments of a list, with a comma before them.
[[nodiscard]] std::string filter_arguments(const entity::description& d);
/// The same for the list of one parent: without `ids` and `search`.
[[nodiscard]] std::string filter_arguments_of_children(const entity::description& d);

/// The list that these arguments ask for, by `first` alone. Errors: invalid.
[[nodiscard]] result<entity::list_query> read_list(const entity::description& d, const graphql::arguments& a);
/// The page of a connection, by `first`, `after`, `last` and `before`. Errors: invalid.
[[nodiscard]] result<entity::list_query> read_page(const entity::description& d, const graphql::arguments& a);

/// Pages that a list without pages reads at most, before it is refused.
inline constexpr int max_pages_of_list = 20;
/// The error of a list without pages whose rows are too far from each other.
[[nodiscard]] error too_few_matches(const entity::description& d);

/// The input object `input` of a mutation, with the names that its members have in REST.
[[nodiscard]] input::reader read_input(const entity::description& d, const graphql::arguments& a);

/// Declares `CreateOrderInput` and `UpdateOrderInput`.
void add_inputs(graphql::schema_builder& to, const entity::description& d);

/// The word of an enumeration in GraphQL: "PLACED".
[[nodiscard]] std::string graphql_word(std::string_view word);

/// Declares an enumeration that fields of the description have.
template <class Enum>
void add_enumeration(graphql::schema_builder& to) {
    const auto& all = describe_enumeration(Enum{});
    std::vector<graphql::schema_builder::enum_value<Enum>> values;
    for (std::size_t i = 0; i < all.words.size(); ++i)
        values.push_back({static_cast<Enum>(i), graphql_word(all.words[i])});
    to.enumeration<Enum>(std::string{all.name}, std::string{all.description}, std::move(values));
}

/// "productName: String!", or what the description says instead.
[[nodiscard]] std::string signature_of(const entity::field_info& field);

/// Declares the object type with its fields and its key. `rows` outlives the schema; it has the `find_all` of a service.
template <class Entity, class Rows>
graphql::object_builder<Entity> add_object(graphql::schema_builder& to, const entity::described<Entity>& d, Rows& rows) {
    const std::string name{d.name()};
    auto type = to.object<Entity>(name, std::string{d.text()}).implements("Node");
    using id_type = decltype(Entity::id);
    type.key(&Entity::id,
             [&d, &rows](std::span<const id_type> ids,
                         const graphql::load_call& load) -> awaitable<result<graphql::column<Entity>>> {
                 auto found = co_await rows.find_all(ids, fields_of(d, load.selection), call_of(load.context));
                 if (!found)
                     co_return found.error();
                 co_return graphql::column<Entity>::of(*std::move(found));
             });
    type.row("nodeId: ID!", [name](const Entity& e) { return node_id(name, e.id); }).reads(&Entity::id);
    for (const auto& field : d.fields())
        if (field.is_in_graphql)
            type.field(signature_of(field),
                       std::string{field.graphql_description.empty() ? field.description : field.graphql_description},
                       field.offset, *field.graphql_type);
    return type;
}

/// Declares the object type of a service and its connection. The service outlives the schema.
template <class Entity>
graphql::object_builder<Entity> add_type(graphql::schema_builder& to, service<Entity>& s) {
    const auto& d = s.rows().description();
    auto type = add_object(to, d, s);
    add_connection<Entity>(to, std::string{d.name()});
    return type;
}

/// A list without pages: if a page ends early because it has looked at too many rows that do not pass, this reads on behind
/// it, and lets others on the thread work in between. Errors: unavailable (it took too many pages).
template <class Entity>
awaitable<result<std::vector<Entity>>> read_rows(service<Entity>& s, entity::list_query query, entity::field_set fields,
                                                 call by) {
    std::vector<Entity> rows;
    turn own_turn;
    for (int pages = 0; pages < max_pages_of_list; ++pages) {
        auto page = co_await s.list(query, fields, by);
        if (!page)
            co_return page.error();
        query.limit -= static_cast<std::int64_t>(page->rows.size());
        if (rows.empty())
            rows = std::move(page->rows);
        else
            std::ranges::move(page->rows, std::back_inserter(rows));
        if (!page->end || query.limit == 0)
            co_return rows;
        query.after = std::move(page->end);
        co_await own_turn.give_way();
    }
    co_return too_few_matches(s.description());
}

/// Declares `name` of the query type: a plain list, with the filters that lists have in REST.
template <class Entity>
void add_list(graphql::schema_builder& to, service<Entity>& s, const std::string& name, std::string description) {
    const auto& d = s.rows().description();
    to.query()
        .root(name + "(first: Int = 100" + filter_arguments(d) + "): [" + std::string{d.name()} + "!]!", std::move(description),
              [&s](const graphql::field_call& field) -> awaitable<result<std::vector<Entity>>> {
                  const auto query = read_list(s.rows().description(), field.arguments);
                  if (!query)
                      co_return query.error();
                  co_return co_await read_rows(s, *query, fields_of(s.rows().description(), field.selection),
                                               call_of(field.context));
              })
        .paged("first");
}

/// Declares `name` of the query type: the same list as a connection, read in pages from either end.
template <class Entity>
void add_paged_list(graphql::schema_builder& to, service<Entity>& s, const std::string& name, std::string description) {
    const auto& d = s.rows().description();
    to.query()
        .root(name + "(" + std::string{slice_arguments} + filter_arguments(d) + "): " + std::string{d.name()} + "Connection!",
              std::move(description),
              [&s](const graphql::field_call& field) -> awaitable<result<connection<Entity>>> {
                  const auto query = read_page(s.rows().description(), field.arguments);
                  if (!query)
                      co_return query.error();
                  auto found =
                      co_await s.list(*query, fields_of(s.rows().description(), field.selection), call_of(field.context));
                  if (!found)
                      co_return found.error();
                  co_return connect(s.rows().description(), *query, *std::move(found));
              })
        .paged("first", "last");
}

/// What the references say of the mutations.
struct mutation_texts {
    std::string create;
    std::string update;
    std::string remove;
};

template <class Entity>
void add_mutations(graphql::schema_builder& to, service<Entity>& s, const mutation_texts& texts) {
    const auto& d = s.rows().description();
    const std::string name{d.name()};
    add_inputs(to, d);
    auto mutation = to.mutation();
    mutation.root("create" + name + "(input: Create" + name + "Input!): " + name + "!", texts.create,
                  [&s](const graphql::field_call& field) -> awaitable<result<Entity>> {
                      auto in = read_input(s.description(), field.arguments);
                      const auto by = call_of(field.context);
                      co_return co_await s.create(in, by);
                  });
    mutation.root("update" + name + "(id: ID!, input: Update" + name + "Input!): " + name + "!", texts.update,
                  [&s](const graphql::field_call& field) -> awaitable<result<Entity>> {
                      auto in = read_input(s.description(), field.arguments);
                      const auto by = call_of(field.context);
                      const auto id = read_id<decltype(Entity::id)>(field.arguments.get<std::string_view>("id"));
                      co_return co_await s.change(id.value, in, {}, by);
                  });
    mutation.root("delete" + name + "(id: ID!): ID!", texts.remove,
                  [&s](const graphql::field_call& field) -> awaitable<result<decltype(Entity::id)>> {
                      const auto by = call_of(field.context);
                      const auto id = read_id<decltype(Entity::id)>(field.arguments.get<std::string_view>("id"));
                      const auto removed = co_await s.remove(id.value, {}, by);
                      if (!removed)
                          co_return removed.error();
                      co_return id;
                  });
}

} // namespace atrium::resource
