#pragma once

#include <base/clock.hpp>
#include <base/log.hpp>
#include <entity/event_data.hpp>
#include <events/bus.hpp>
#include <events/feed.hpp>
#include <graphql/schema_builder.hpp>
#include <http/router.hpp>
#include <storage/catalog.hpp>
#include <storage/migration.hpp>
#include <storage/store.hpp>

#include <span>
#include <string>
#include <vector>

namespace atrium::host {

/// The events that a module publishes about an entity.
struct publication {
    std::vector<std::string> topics;
    const entity::description* entity; ///< defines the fields of their data; lives as long as the program
};

/// The data that a module reads from the events of another module.
struct consumption {
    std::string topic;
    const entity::data_part* part; ///< lives as long as the program
};

/// Describes a module, whether it runs in this process or not. Every process has the descriptions of all compiled modules and
/// declares their subscriptions to the bus, so that it keeps events also for the subscriptions of modules that do not run in
/// it.
struct description {
    std::string name;                               ///< one word; names of tables, topics and subscriptions start with it
    std::span<const storage::migration> migrations; ///< the migrations of its SQL schema
    std::vector<events::subscription> subscriptions;
    std::vector<publication> publications = {};
    std::vector<const entity::description*> unpublished = {}; ///< entities without events; they live as long as the program
    /// When the process starts, these are compared with the publications of all modules. If they do not match, the process does
    /// not start.
    std::vector<consumption> consumptions = {};
};

/// Compares the entities of a module with its tables, and returns the differences: see `entity::find_table_misfits`.
[[nodiscard]] std::vector<std::string> find_table_misfits(const description& module, const storage::catalog& database);

/// Throws std::logic_error if the entities of a module differ from its tables. The text of the exception has one line for each
/// difference.
void require_tables(const description& module, const storage::catalog& database);

/// The objects that a running module gets. Interfaces of other modules are passed separately: see <host/entry.hpp>.
struct context {
    storage::store store; ///< for its own tables
    events::bus& bus;     ///< outlives the module
    events::feed& feed;   ///< outlives the module
    const clock& time;    ///< outlives the module
    logger log;           ///< named after the module
};

/// A module that runs in this process. Created on the thread that builds the server, before the first request is served.
/// Outlives the HTTP server and the dispatcher of the bus, as both call into it.
class module {
public:
    virtual ~module() = default;

    /// Adds its REST routes.
    virtual void add_routes(http::router& router) = 0;

    /// Adds its GraphQL types. The schema already has `Node`, `PageInfo`, `DateTime`, `JSON` (<resource/shared_types.hpp>).
    virtual void add_types(graphql::schema_builder& schema) = 0;

    /// Attaches a handler to each of its subscriptions.
    virtual void add_handlers(events::bus& bus) = 0;
};

} // namespace atrium::host
