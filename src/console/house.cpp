#include "house.hpp"

#include <access/principal_json.hpp>
#include <base/json_texts.hpp>
#include <operations/broker_json.hpp>
#include <operations/route_json.hpp>

#include <algorithm>
#include <span>

namespace atrium::console {
namespace {

void show(json_writer& json, const module_facts& m, std::span<const http::route> routes) {
    json.begin_object().key("name").value(m.name).key("routes").begin_array();
    for (const auto& each : routes.subspan(m.first_route, m.route_count))
        operations::show(json, each);
    json.end_array();
    write_texts(json.key("publishes"), m.publishes);
    write_texts(json.key("subscriptions"), m.subscriptions);
    write_texts(json.key("calls"), m.calls);
    json.end_object();
}

/// Writes the routes that belong to no module.
void show_other_routes(json_writer& json, const facts& f, std::span<const http::route> routes) {
    json.key("other_routes").begin_array();
    for (std::size_t i = 0; i < routes.size(); ++i)
        if (std::ranges::none_of(f.modules, [&](const auto& m) { return i - m.first_route < m.route_count; }))
            operations::show(json, routes[i]);
    json.end_array();
}

void show_events(json_writer& json, const facts& f) {
    json.key("subscriptions").begin_array();
    for (const auto& each : f.subscriptions) {
        json.begin_object().key("name").value(each.name).key("module").value(each.module);
        write_texts(json.key("topics"), each.topics).end_object();
    }
    json.end_array().key("topics").begin_array();
    for (const auto& each : f.topics)
        json.begin_object().key("name").value(each.name).key("module").value(each.module).end_object();
    json.end_array();
}

void show_bus(json_writer& json, const events::durable_bus& bus) {
    json.key("bus").begin_object().key("adapter").value(bus.adapter()).key("broker");
    if (const auto broker = bus.broker())
        operations::show(json, *broker);
    else
        json.null();
    json.end_object();
}

} // namespace

std::string describe_house(const facts& f, const http::router& router, const events::durable_bus& bus,
                           const access::principal* principal) {
    std::string text;
    json_writer json{text};
    json.begin_object().key("name").value("atrium").key("version").value(f.version).key("modules").begin_array();
    for (const auto& each : f.modules)
        show(json, each, router.routes());
    json.end_array().key("remotes").begin_array();
    for (const auto& each : f.remotes)
        json.begin_object().key("name").value(each.name).key("url").value(each.url).end_object();
    json.end_array();
    show_events(json, f);
    show_bus(json, bus);
    show_other_routes(json, f, router.routes());
    json.key("auth").begin_object().key("mode").value(f.auth_mode).end_object();
    json.key("principal");
    if (principal)
        access::show(json, *principal);
    else
        json.null();
    json.end_object();
    return text;
}

} // namespace atrium::console
