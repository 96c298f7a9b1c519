#pragma once

#include <base/awaitable.hpp>
#include <base/call.hpp>
#include <base/clock.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <entity/changes.hpp>
#include <entity/event_data.hpp>
#include <entity/repository.hpp>
#include <events/bus.hpp>
#include <input/reader.hpp>
#include <resource/draft.hpp>
#include <resource/effect_recorder.hpp>
#include <storage/store.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The operations on the entities of a module: one service for REST, GraphQL and events.
namespace atrium::resource {

/// A function that returns whether the client accepts the entity in its current state, which `etag` identifies. It is called
/// inside the transaction that changes the entity, on the writer's thread, while the client waits. An empty function accepts
/// every state.
using precondition = std::function<bool(std::string_view etag)>;

/// The topics under which a service publishes the changes of its entities.
struct topics {
    std::string_view created; ///< "orders.order_created"
    std::string_view updated;
    std::string_view deleted;
};

/// The parts that a service uses. `bus` and `time` must outlive the service.
struct service_parts {
    storage::store store;
    events::bus& bus;
    const clock& time;
};

/// The errors that services of all entities share.
[[nodiscard]] error not_found(const entity::description& d);
[[nodiscard]] error precondition_failed(const entity::description& d);

/// Finds, lists, creates, changes and removes the entities of one table. A change and its event are committed together. A
/// module with rules beyond its description overrides `create` or the functions named `before_...`.
///
/// Can be used on any thread that runs an io_context. Arguments passed by reference must live until the coroutine has ended.
/// Each coroutine can return the error unavailable.
template <class Entity>
class service {
public:
    service(const entity::described<Entity>& d, resource::topics topics, service_parts parts)
        : rows_{d}, topics_{topics}, parts_{std::move(parts)} {}
    virtual ~service() = default;
    service(const service&) = delete;
    service& operator=(const service&) = delete;

    /// Errors: not_found.
    awaitable<result<Entity>> find_by_id(std::int64_t id, const call& /*call*/) {
        co_return co_await parts_.store.read([&](storage::snapshot& s) { return find_expected(s, id, /*condition=*/{}); });
    }

    /// One result for each id, empty if no entity has this id. `ids` must be ascending and without duplicates.
    template <class Tag>
    awaitable<result<std::vector<std::optional<Entity>>>> find_all(std::span<const id<Tag>> ids, entity::field_set fields,
                                                                   const call& /*call*/) {
        co_return co_await parts_.store.read(
            [&](storage::snapshot& s) -> result<std::vector<std::optional<Entity>>> { return rows_.find_all(s, ids, fields); });
    }

    /// `field` must be a field whose values are unique.
    awaitable<result<std::optional<Entity>>> find_by_field(std::size_t field, std::string_view value, entity::field_set fields,
                                                           const call& /*call*/) {
        co_return co_await parts_.store.read([&](storage::snapshot& s) -> result<std::optional<Entity>> {
            return rows_.find_by_field(s, field, value, fields);
        });
    }

    awaitable<result<entity::page<Entity>>> list(const entity::list_query& query, entity::field_set fields,
                                                 const call& /*call*/) {
        co_return co_await parts_.store.read(
            [&](storage::snapshot& s) -> result<entity::page<Entity>> { return rows_.list(s, query, fields); });
    }

    /// Reads the page as REST shows it, without creating entities.
    awaitable<result<entity::json_page>> list_json(const entity::list_query& query, const call& /*call*/) {
        co_return co_await parts_.store.read(
            [&](storage::snapshot& s) -> result<entity::json_page> { return rows_.list_json(s, query); });
    }

    /// Creates an entity from a client's input. Errors: invalid (with all errors of the input), those of `before_insert`.
    virtual awaitable<result<Entity>> create(input::reader& reader, const call& call);

    /// Changes the fields that a client sets. If the entity already has these values, nothing is changed or published.
    /// Errors: invalid (with all errors of the input), not_found, precondition_failed, those of `before_update`.
    awaitable<result<Entity>> change(std::int64_t id, input::reader& reader, const precondition& condition, const call& call) {
        draft<Entity> change;
        change.fields = read_change(description(), reader, &change.values);
        if (const auto read = reader.finish(); !read)
            co_return read.error();
        co_return co_await parts_.store.write([&](storage::transaction& t) -> result<Entity> {
            auto old_entity = find_expected(t, id, condition);
            if (!old_entity)
                return old_entity;
            auto new_entity = *old_entity;
            if (!entity::apply(description(), change.fields, &change.values, &new_entity)) {
                record(t, new_entity, call);
                return old_entity;
            }
            if (const auto allowed = before_update(t, *old_entity, new_entity); !allowed)
                return allowed.error();
            entity::count_change(description(), &new_entity, parts_.time.now());
            rows_.update(t, new_entity);
            publish(t, topics_.updated, new_entity, call);
            record(t, new_entity, call);
            return new_entity;
        });
    }

    /// Errors: not_found, precondition_failed.
    awaitable<result<>> remove(std::int64_t id, const precondition& condition, const call& call) {
        co_return co_await parts_.store.write([&](storage::transaction& t) -> result<> {
            auto entity = find_expected(t, id, condition);
            if (!entity)
                return entity.error();
            rows_.remove(t, id);
            publish_removal(t, *std::move(entity), call);
            if (call.recorder) [[unlikely]]
                call.recorder->record(t, {.id = id});
            return {};
        });
    }

    [[nodiscard]] shown_entity shown(const Entity& entity) const {
        shown_entity one{.etag = rows_.json().etag(&entity), .id = entity.id.value};
        json_writer out{one.body};
        rows_.json().write(out, &entity);
        return one;
    }

    [[nodiscard]] const entity::repository<Entity>& rows() const noexcept { return rows_; }
    [[nodiscard]] const entity::description& description() const noexcept { return rows_.sql().description(); }

protected:
    /// Checks a new entity inside the transaction that inserts it. May set fields that clients cannot set.
    virtual result<> before_insert(storage::transaction&, Entity&) { return {}; }

    /// Checks inside the transaction whether the entity may change from `old_entity` to `new_entity`.
    virtual result<> before_update(storage::transaction&, const Entity& /*old_entity*/, Entity& /*new_entity*/) { return {}; }

    /// Inserts an entity, publishes its event and records the outcome of the call, so it must be the last step of a
    /// transaction. May run again with the same argument if the transaction is repeated.
    result<Entity> insert(storage::transaction& t, Entity new_entity, const call& call) {
        if (const auto allowed = before_insert(t, new_entity); !allowed)
            return allowed.error();
        entity::begin_changes(description(), &new_entity, parts_.time.now());
        rows_.insert(t, new_entity);
        publish(t, topics_.created, new_entity, call);
        record(t, new_entity, call);
        return new_entity;
    }

    /// Publishes the removal of an entity. The removal is the entity's last change, so it increments the revision.
    void publish_removal(storage::transaction& t, Entity removed_entity, const call& call) {
        entity::count_change(description(), &removed_entity, parts_.time.now());
        publish(t, topics_.deleted, removed_entity, call);
    }

    /// Finds the entity, if it exists and is in the state that the client expects. Errors: not_found, precondition_failed.
    [[nodiscard]] result<Entity> find_expected(storage::snapshot& s, std::int64_t id, const precondition& condition) const {
        auto found = rows_.find_by_id(s, id);
        if (!found)
            return not_found(description());
        if (condition && !condition(rows_.json().etag(&*found)))
            return precondition_failed(description());
        return *std::move(found);
    }

    void publish(storage::transaction& t, std::string_view topic, const Entity& subject, const call& call) {
        parts_.bus.publish(t, {.topic = std::string{topic},
                               .key = entity::event_key(description(), &subject),
                               .data = entity::event_data(description(), entity::event_fields(description(), topic), &subject),
                               .traceparent = std::string{call.traceparent},
                               .request_id = std::string{call.request_id}});
    }

    /// If the client may repeat the call, stores its outcome. This must be the last step of the transaction.
    void record(storage::transaction& t, const Entity& outcome, const call& call) const {
        if (call.recorder) [[unlikely]]
            call.recorder->record(t, shown(outcome));
    }

    [[nodiscard]] const storage::store& store() const noexcept { return parts_.store; }
    [[nodiscard]] const clock& time() const noexcept { return parts_.time; }

private:
    entity::repository<Entity> rows_;
    resource::topics topics_;
    service_parts parts_;
};

template <class Entity>
awaitable<result<Entity>> service<Entity>::create(input::reader& reader, const call& call) {
    Entity values{};
    (void)read_new(description(), reader, &values); // all fields are stored, also those that the client has not set
    if (const auto read = reader.finish(); !read)
        co_return read.error();
    co_return co_await parts_.store.write([&](storage::transaction& t) { return insert(t, values, call); });
}

} // namespace atrium::resource
