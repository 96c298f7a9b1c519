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
    const entity::description* entity; ///< has the fields that are in their data; lives as long as the program
};

/// What a module needs of the data of events that another module publishes.
struct consumption {
    std::string topic;
    const entity::data_part* part; ///< lives as long as the program
};

/// What a module tells of itself, whether it runs in this process or not: every process knows the subscriptions of all compiled
/// modules, so that an event finds its queue before its handler has ever run.
struct description {
    std::string name;                               ///< one word; tables, topics and subscriptions begin with it
    std::span<const storage::migration> migrations; ///< its schema
    std::vector<events::subscription> subscriptions;
    std::vector<publication> publications = {};
    std::vector<const entity::description*> unpublished = {}; ///< entities without events; they live as long as the program
    std::vector<consumption> consumptions = {};               ///< held against the publications of all modules at the start
};

/// What does not fit between the entities of a module and its tables: see `entity::find_table_misfits`.
[[nodiscard]] std::vector<std::string> find_table_misfits(const description& module, const storage::catalog& database);

/// Throws std::logic_error with these sentences, a line each, if there are any.
void require_tables(const description& module, const storage::catalog& database);

/// What a running module is given by the host. Other modules' interfaces come beside this: see <host/entry.hpp>.
struct context {
    storage::store store; ///< its own tables
    events::bus& bus;     ///< outlives the module
    events::feed& feed;   ///< outlives the module
    const clock& time;    ///< outlives the module
    logger log;           ///< named after it
};

/// A module that runs here. Made on the thread that builds the server, before anything is served; outlives the HTTP server and
/// the bus's dispatcher, as both call into it.
class module {
public:
    virtual ~module() = default;

    /// Adds its part of the API by REST ...
    virtual void add_routes(http::router& to) = 0;

    /// ... and by GraphQL. There already: `Node`, `PageInfo`, `DateTime`, `JSON` (<resource/shared_types.hpp>).
    virtual void add_types(graphql::schema_builder& to) = 0;

    /// Attaches a handler to each of its subscriptions.
    virtual void add_handlers(events::bus& to) = 0;
};

} // namespace atrium::host
