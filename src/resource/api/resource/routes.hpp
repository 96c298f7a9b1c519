#pragma once

#include <base/awaitable.hpp>
#include <base/call.hpp>
#include <http/router.hpp>
#include <input/reader.hpp>
#include <resource/effect_recorder.hpp>
#include <resource/list_input.hpp>
#include <resource/service.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

/// The five REST routes of a service: list, create, show, change, delete.
namespace atrium::resource {

/// The summaries of the routes in the index (the response to /) and in the description of the API.
struct route_summaries {
    std::string list;   ///< "List orders"
    std::string create; ///< "Place an order"
    std::string show;
    std::string change;
    std::string remove;
};

/// A service without the C++ type of its entity, as `routes` uses it.
class untyped_service {
public:
    virtual ~untyped_service() = default;
    [[nodiscard]] virtual const entity::description& description() const = 0;
    virtual awaitable<result<entity::json_page>> list(const entity::list_query& query, const call& call) = 0;
    virtual awaitable<result<shown_entity>> create(input::reader& reader, const call& call) = 0;
    virtual awaitable<result<shown_entity>> find_by_id(std::int64_t id, const call& call) = 0;
    virtual awaitable<result<shown_entity>> change(std::int64_t id, input::reader& reader, const precondition& condition,
                                                   const call& call) = 0;
    virtual awaitable<result<>> remove(std::int64_t id, const precondition& condition, const call& call) = 0;
};

/// Implements `untyped_service` by calling a service with the C++ type of its entity.
template <class Entity>
class erased_service final : public untyped_service {
public:
    explicit erased_service(service<Entity>& s) : service_{s} {}

    const entity::description& description() const override { return service_.description(); }
    awaitable<result<entity::json_page>> list(const entity::list_query& query, const call& call) override {
        return service_.list_json(query, call);
    }
    awaitable<result<shown_entity>> create(input::reader& reader, const call& call) override {
        co_return show(co_await service_.create(reader, call));
    }
    awaitable<result<shown_entity>> find_by_id(std::int64_t id, const call& call) override {
        co_return show(co_await service_.find_by_id(id, call));
    }
    awaitable<result<shown_entity>> change(std::int64_t id, input::reader& reader, const precondition& condition,
                                           const call& call) override {
        co_return show(co_await service_.change(id, reader, condition, call));
    }
    awaitable<result<>> remove(std::int64_t id, const precondition& condition, const call& call) override {
        return service_.remove(id, condition, call);
    }

private:
    result<shown_entity> show(const result<Entity>& entity) const {
        if (!entity)
            return entity.error();
        return service_.shown(*entity);
    }

    service<Entity>& service_;
};

/// Handles the five routes at `path` ("/orders/"). Must outlive the server that uses the router, and the service must outlive
/// this object.
class routes {
public:
    template <class Entity>
    routes(service<Entity>& s, std::string path, route_summaries summaries)
        : service_{std::make_unique<erased_service<Entity>>(s)}, path_{std::move(path)}, summaries_{std::move(summaries)} {}

    void add_to(http::router& r);

private:
    awaitable<http::response> list(const http::request& q);
    awaitable<http::response> create(const http::request& q);
    awaitable<http::response> show(const http::request& q);
    awaitable<http::response> change(const http::request& q);
    awaitable<http::response> remove(const http::request& q);
    [[nodiscard]] http::response created_response(shown_entity created) const;

    std::unique_ptr<untyped_service> service_;
    std::string path_;
    route_summaries summaries_;
};

} // namespace atrium::resource
