#pragma once

#include <app/settings.hpp>
#include <base/clock.hpp>
#include <base/log.hpp>
#include <event_requests/event_schemas.hpp>
#include <events/durable_bus.hpp>
#include <graphql/schema_builder.hpp>
#include <host/entry.hpp>
#include <http/router.hpp>
#include <metrics/registry.hpp>
#include <storage/sqlite/database.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace atrium::app {

/// Sorts the modules so that each module comes after those that it needs; otherwise their order is kept. Throws
/// std::logic_error, whose text is one sentence, if a needed module does not exist, or if modules need each other in a cycle.
[[nodiscard]] std::vector<const host::module_entry*> sort_by_needs(std::span<const host::module_entry> modules);

/// Compares the event data that modules read with the data that is published. Also checks that the modules publish the topics
/// from whose events a field is left out (`not_in_event`). Returns one sentence for each mismatch.
[[nodiscard]] std::vector<std::string> find_event_misfits(std::span<const host::module_entry> modules);

/// The topics that the modules publish, whether they run in this process or not.
[[nodiscard]] std::vector<event_requests::published_topic> published_topics(std::span<const host::module_entry> modules);

/// The modules of one process: those that run in it, and the remote forms of modules that they need and that run in another
/// process. Created and destroyed on the thread that builds the server. Everything that is passed to the constructor must
/// outlive this object.
class module_set {
public:
    struct parts {
        storage::sqlite::sqlite_database& database;
        events::durable_bus& bus;
        const clock& time;
        metrics::registry& metrics;
        logger log;
    };

    /// A module that runs in another process.
    struct remote_part {
        std::string name;
        std::string url;
        std::unique_ptr<host::remote_module> module;
    };

    /// The routes of a module that runs in this process. They are consecutive in the router.
    struct local_routes {
        std::string module;
        std::size_t first; ///< index of the first of these routes in the router
        std::size_t count;
    };

    /// Creates the enabled modules. Throws std::logic_error if their entries do not fit together.
    module_set(std::span<const host::module_entry> modules, const settings& s, const parts& p);
    ~module_set();
    module_set(const module_set&) = delete;
    module_set& operator=(const module_set&) = delete;

    /// Attaches the handlers of the modules that run in this process, and declares the subscriptions of all other modules, so
    /// that an event for a module that does not run here waits until that module runs.
    void add_handlers(events::durable_bus& bus);
    void add_routes(http::router& router);
    void add_types(graphql::schema_builder& schema);

    [[nodiscard]] std::span<const remote_part> remotes() const noexcept { return remotes_; }
    /// Empty before `add_routes`.
    [[nodiscard]] std::span<const local_routes> routes() const noexcept { return routes_; }

private:
    void make(const host::module_entry& entry, const settings& s, const parts& p);
    [[nodiscard]] bool has_remote(const std::string& name) const;

    std::span<const host::module_entry> all_;
    host::interfaces interfaces_;
    std::vector<remote_part> remotes_;
    std::vector<std::string> names_;                   // the names of the modules that run in this process
    std::vector<std::unique_ptr<host::module>> local_; // the modules that run in this process, each after those that it needs
    std::vector<local_routes> routes_;
};

} // namespace atrium::app
