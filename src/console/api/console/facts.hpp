#pragma once

#include <base/clock.hpp>
#include <config/schema.hpp>
#include <storage/migration.hpp>
#include <storage/sqlite/database.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace atrium::console {

/// A module that runs in this process.
struct module_facts {
    std::string name;
    std::size_t first_route = 0;              ///< the index of its first route in the router
    std::size_t route_count = 0;              ///< the number of its routes, which are adjacent in the router
    std::vector<std::string> publishes{};     ///< the topics that it publishes
    std::vector<std::string> subscriptions{}; ///< the names of its subscriptions
    std::vector<std::string> calls{};         ///< the modules whose interfaces it uses
};

/// A module that runs in another process and that a module of this process calls.
struct remote_facts {
    std::string name;
    std::string url;
};

/// A subscription of a module, whether the module runs in this process or not.
struct subscription_facts {
    std::string name;
    std::string module;
    std::vector<std::string> topics{}; ///< patterns
};

/// A topic that a module publishes, whether the module runs in this process or not.
struct topic_facts {
    std::string name;
    std::string module;
};

/// Facts that do not change while the server runs. They come from the composition root.
struct facts {
    std::string version;
    std::string build;
    timestamp started{};
    std::vector<module_facts> modules{};
    std::vector<remote_facts> remotes{};
    std::vector<subscription_facts> subscriptions{};
    std::vector<topic_facts> topics{};
    std::string auth_mode;
    bool has_tls = false;
    std::vector<config::setting> configuration{};
    std::vector<config::setting> defaults{}; ///< the keys of `configuration`, in the same order, with their default values
    std::vector<storage::sqlite::applied_migration> migrations{};
    std::vector<storage::schema> schemas{}; ///< the schemas of the database, for backups
    std::filesystem::path database;
    std::filesystem::path backups; ///< the folder of the backups, which may be missing
    std::size_t kept_backups = 0;  ///< how many backups are kept after a new one is made; 0 means all
};

} // namespace atrium::console
