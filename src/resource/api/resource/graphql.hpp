#pragma once

#include <base/call.hpp>
#include <base/cooperative_yield.hpp>
#include <entity/json_list.hpp>
#include <entity/repository.hpp>
#include <graphql/arguments.hpp>
#include <graphql/context.hpp>
#include <graphql/schema_builder.hpp>
#include <graphql/selection.hpp>
#include <resource/connection.hpp>
#include <resource/field_recorder.hpp>
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

/// The GraphQL types, queries and mutations of an entity and its service, derived from its description.
namespace atrium::resource {

/// The call on whose behalf a resolver reads or changes entities. It refers to the context and the recorder, which must outlive
/// it.
[[nodiscard]] call call_of(const graphql::context& c, effect_recorder* recorder = nullptr);

/// The fields of the description that the selection reads.
[[nodiscard]] entity::field_set fields_of(const entity::description& d, std::type_index row, const graphql::selection& s);
template <class Entity>
[[nodiscard]] entity::field_set fields_of(const entity::described<Entity>& d, const graphql::selection& s) {
    return fields_of(d, typeid(Entity), s);
}

/// The arguments of a list, beginning with a comma: ", username: String, status: OrderStatus, ids: [ID!], sort: String".
[[nodiscard]] std::string filter_arguments(const entity::description& d);
/// Like `filter_arguments`, for the list of one parent, which has neither `ids` nor `search`.
[[nodiscard]] std::string filter_arguments_of_children(const entity::description& d);

/// Reads the arguments of a plain list (not a connection): `first` is the maximum number of its rows. Errors: invalid.
[[nodiscard]] result<entity::list_query> read_list(const entity::description& d, const graphql::arguments& a);
/// Reads the arguments of a connection: `first`, `after`, `last` and `before` select the page. Errors: invalid.
[[nodiscard]] result<entity::list_query> read_page(const entity::description& d, const graphql::arguments& a);

/// Max number of pages that are read for one plain list. If the list needs more, it is refused.
inline constexpr int max_pages_of_list = 20;
/// The error of a plain list that needs more than `max_pages_of_list` pages, because too few rows match.
[[nodiscard]] error too_few_matches(const entity::description& d);

/// Returns a reader of a mutation's argument `input`, whose members get the names that they have in REST.
[[nodiscard]] input::reader read_input(const entity::description& d, const graphql::arguments& a);

/// Renames the fields in an error of a service to the names that clients know in GraphQL: "/productName". Errors of a reader
/// that `read_input` returns have these names already.
[[nodiscard]] error in_graphql(error e);

/// Declares `CreateOrderInput` and `UpdateOrderInput`.
void add_inputs(graphql::schema_builder& builder, const entity::description& d);

/// The GraphQL form of an enumeration's word: "PLACED".
[[nodiscard]] std::string graphql_word(std::string_view word);

/// Declares the GraphQL enumeration of a C++ enumeration that is the type of a field.
template <class Enum>
void add_enumeration(graphql::schema_builder& builder) {
    const auto& all = describe_enumeration(Enum{});
    std::vector<graphql::schema_builder::enum_value<Enum>> values;
    values.reserve(all.words.size());
    for (std::size_t i = 0; i < all.words.size(); ++i)
        values.push_back({static_cast<Enum>(i), graphql_word(all.words[i])});
    builder.enumeration<Enum>(std::string{all.name}, std::string{all.description}, std::move(values));
}

/// "productName: String!", or the signature in the description.
[[nodiscard]] std::string signature_of(const entity::field_info& field);

/// Declares the object type of an entity, with its fields and its key. `rows` must have a function `find_all` like that of
/// `service`, and must outlive the schema.
template <class Entity, class Rows>
graphql::object_builder<Entity> add_object(graphql::schema_builder& builder, const entity::described<Entity>& d, Rows& rows) {
    const std::string name{d.name()};
    auto type = builder.object<Entity>(name, std::string{d.text()}).implements("Node").scope(d.read_scope());
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

/// Declares the object type of the service's entity, and the connection type for it. The service must outlive the schema.
template <class Entity>
graphql::object_builder<Entity> add_type(graphql::schema_builder& builder, service<Entity>& s) {
    const auto& d = s.rows().description();
    auto type = add_object(builder, d, s);
    add_connection<Entity>(builder, std::string{d.name()}, d.read_scope());
    return type;
}

/// Reads a plain list, page by page: a page may end early, after it has skipped too many rows that do not match. Between two
/// pages, yields to other work on the thread. Errors: unavailable (too many pages).
template <class Entity>
awaitable<result<std::vector<Entity>>> read_rows(service<Entity>& s, entity::list_query query, entity::field_set fields,
                                                 call call) {
    std::vector<Entity> rows;
    cooperative_yield yield;
    for (int pages = 0; pages < max_pages_of_list; ++pages) {
        auto page = co_await s.list(query, fields, call);
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
        co_await yield.yield_if_due();
    }
    co_return too_few_matches(s.description());
}

/// Declares the query `name`: a plain list with the same filters as in REST.
template <class Entity>
void add_list(graphql::schema_builder& builder, service<Entity>& s, const std::string& name, std::string description) {
    const auto& d = s.rows().description();
    builder.query()
        .root(name + "(first: Int = 100" + filter_arguments(d) + "): [" + std::string{d.name()} + "!]!", std::move(description),
              [&s](const graphql::field_call& field) -> awaitable<result<std::vector<Entity>>> {
                  const auto query = read_list(s.rows().description(), field.arguments);
                  if (!query)
                      co_return query.error();
                  co_return co_await read_rows(s, *query, fields_of(s.rows().description(), field.selection),
                                               call_of(field.context));
              })
        .paged("first")
        .scope(d.read_scope());
}

/// Declares the query `name`: the list as a connection, which can be read in pages from either end.
template <class Entity>
void add_paged_list(graphql::schema_builder& builder, service<Entity>& s, const std::string& name, std::string description) {
    const auto& d = s.rows().description();
    builder.query()
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
                  co_return make_connection(s.rows().description(), *query, *std::move(found));
              })
        .paged("first", "last")
        .scope(d.read_scope());
}

/// Descriptions of the mutations for the reference documentation.
struct mutation_texts {
    std::string create;
    std::string update;
    std::string remove;
};

/// Returns the entity that a mutation returned in an earlier run of the same request.
template <class Entity>
result<Entity> read_outcome(const entity::described<Entity>& d, const idempotency::completed_field& outcome) {
    auto read = entity::read_json_list(d, d.all(), "[" + outcome.body + "]");
    if (!read)
        return read.error();
    return std::move(read->front());
}

template <class Entity>
void add_mutations(graphql::schema_builder& builder, service<Entity>& s, const mutation_texts& texts) {
    const auto& d = s.rows().description();
    const std::string name{d.name()};
    add_inputs(builder, d);
    auto mutation = builder.mutation();
    mutation
        .root("create" + name + "(input: Create" + name + "Input!): " + name + "!", texts.create,
              [&s](const graphql::field_call& field) -> awaitable<result<Entity>> {
                  field_recorder recorder{field};
                  if (const auto* outcome = recorder.find_outcome())
                      co_return read_outcome(s.rows().description(), *outcome);
                  auto reader = read_input(s.description(), field.arguments);
                  const auto call = call_of(field.context, recorder.find());
                  auto created = co_await s.create(reader, call);
                  if (!created)
                      co_return in_graphql(std::move(created).error());
                  co_return created;
              })
        .scope(d.write_scope());
    mutation
        .root("update" + name + "(id: ID!, input: Update" + name + "Input!): " + name + "!", texts.update,
              [&s](const graphql::field_call& field) -> awaitable<result<Entity>> {
                  field_recorder recorder{field};
                  if (const auto* outcome = recorder.find_outcome())
                      co_return read_outcome(s.rows().description(), *outcome);
                  auto reader = read_input(s.description(), field.arguments);
                  const auto call = call_of(field.context, recorder.find());
                  const auto id = read_id<decltype(Entity::id)>(field.arguments.get<std::string_view>("id"));
                  auto changed = co_await s.change(id.value, reader, {}, call);
                  if (!changed)
                      co_return in_graphql(std::move(changed).error());
                  co_return changed;
              })
        .scope(d.write_scope());
    mutation
        .root("delete" + name + "(id: ID!): ID!", texts.remove,
              [&s](const graphql::field_call& field) -> awaitable<result<decltype(Entity::id)>> {
                  field_recorder recorder{field};
                  if (const auto* outcome = recorder.find_outcome())
                      co_return decltype(Entity::id){outcome->id};
                  const auto call = call_of(field.context, recorder.find());
                  const auto id = read_id<decltype(Entity::id)>(field.arguments.get<std::string_view>("id"));
                  const auto removed = co_await s.remove(id.value, {}, call);
                  if (!removed)
                      co_return removed.error();
                  co_return id;
              })
        .scope(d.write_scope());
}

} // namespace atrium::resource
