#include "schema.hpp"

#include <entity/event_data.hpp>
#include <resource/feed_source.hpp>
#include <resource/graphql.hpp>
#include <widgets/events.hpp>

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace atrium::widgets {
namespace {

using graphql::field_call;
using source = resource::feed_source<widget>;

/// The part of an event that the subscription needs.
struct created_widget {
    widget_id id;
};
const auto created_widget_data = entity::describe_data<created_widget>(entity::datum{"widget_id", &created_widget::id});

/// Returns the created widgets in their current state, without those that have been deleted since.
awaitable<result<source::rows>> created(widget_service& widgets, std::vector<events::event> events) {
    const auto id_of = [](const events::event& e) -> std::optional<widget_id> {
        const auto data = created_widget_data.read(e.data);
        return data ? std::optional{data->id} : std::nullopt;
    };
    const auto find = [&widgets](std::span<const widget_id> ids) -> awaitable<result<std::vector<std::optional<widget>>>> {
        const call request; // empty: this work belongs to no request
        co_return co_await widgets.find_all(ids, widget_entity.all(), request);
    };
    co_return co_await resource::find_announced<widget>(std::move(events), id_of, find, &widget::id);
}

} // namespace

void add_types(graphql::schema_builder& builder, widget_service& widgets, events::feed& feed) {
    resource::add_type(builder, widgets);
    resource::add_list(builder, widgets, "allWidgets",
                       "Widgets, by ascending id unless `sort` or a filter by a prefix sets another order.");
    resource::add_paged_list(builder, widgets, "widgets",
                             "Widgets, by ascending id unless `sort` or a filter by a prefix sets another order.");
    builder.query()
        .root("widget(id: ID!): Widget",
              [](const field_call& field) -> awaitable<widget_id> {
                  co_return resource::read_id<widget_id>(field.arguments.get<std::string_view>("id"));
              })
        .scope(widget_entity.read_scope());
    resource::add_mutations(builder, widgets, {.create = {}, .update = {}, .remove = {}});
    builder.subscription()
        .stream("widgetCreated: Widget!", "Each widget that is created from now on.",
                [&widgets, &feed](const field_call& field) -> awaitable<source::opened> {
                    auto read = [&widgets](std::vector<events::event> e) { return created(widgets, std::move(e)); };
                    co_return co_await source::resume(feed, std::string{widget_created}, field.context, read);
                })
        .scope(widget_entity.read_scope());
}

} // namespace atrium::widgets
