#pragma once

#include <app/settings.hpp>
#include <base/clock.hpp>
#include <base/log.hpp>
#include <events/durable_bus.hpp>
#include <graphql/schema_builder.hpp>
#include <host/entry.hpp>
#include <http/router.hpp>
#include <metrics/registry.hpp>
#include <storage/sqlite/database.hpp>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace atrium::app {

/// The modules in an order in which each one comes behind those that it needs, and otherwise as they were. Throws
/// std::logic_error, with one sentence, if a module needs one that is not there, or if modules need each other in a circle.
[[nodiscard]] std::vector<const host::module_entry*> in_order_of_needs(std::span<const host::module_entry> modules);

/// What modules need of each other's events and does not fit what is published: a sentence each.
[[nodiscard]] std::vector<std::string> misfits_of_events(std::span<const host::module_entry> modules);

/// The modules of one process: those that run here, and the remote forms of those that they need from another process. Made
/// and ended on the thread that builds the server; everything it is given outlives it.
class module_set {
public:
    struct parts {
        storage::sqlite::sqlite_database& database;
        events::durable_bus& bus;
        const clock& time;
        metrics::registry& metrics;
        logger log;
    };

    /// A module that runs elsewhere.
    struct remote_part {
        std::string name;
        std::unique_ptr<host::remote_module> module;
    };

    /// Makes the enabled modules. Throws std::logic_error if their entries do not fit together.
    module_set(std::span<const host::module_entry> modules, const settings& s, const parts& p);
    ~module_set();
    module_set(const module_set&) = delete;
    module_set& operator=(const module_set&) = delete;

    /// Attaches the handlers of the modules that run here, and declares the subscriptions of all others: an event for a module
    /// that does not run here waits for it.
    void add_handlers(events::durable_bus& to);
    void add_routes(http::router& to);
    void add_types(graphql::schema_builder& to);

    [[nodiscard]] std::span<const remote_part> remotes() const noexcept { return remotes_; }

private:
    void make(const host::module_entry& entry, const settings& s, const parts& p);
    [[nodiscard]] bool has_remote(const std::string& name) const;

    std::span<const host::module_entry> all_;
    host::interfaces interfaces_;
    std::vector<remote_part> remotes_;
    std::vector<std::string> names_;                   // of those that run here
    std::vector<std::unique_ptr<host::module>> local_; // likewise; each behind those that it needs
};

} // namespace atrium::app
