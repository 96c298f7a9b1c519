#pragma once

#include <base/clock.hpp>
#include <base/json_writer.hpp>
#include <base/log.hpp>
#include <graphql/schema_builder.hpp>
#include <host/interfaces.hpp>
#include <host/module.hpp>
#include <metrics/registry.hpp>

#include <memory>
#include <string>
#include <vector>

namespace atrium::host {

/// Another module whose interfaces a module uses.
struct need {
    std::string module;  ///< "users"
    std::string purpose; ///< for the error message if that module is disabled: "orders looks up each customer in users"
};

/// The objects that the remote form of a module gets.
struct remote_context {
    std::string url;         ///< the URL of the process that runs the module; valid for `http::parse_base_url`
    std::string url_setting; ///< the key of the setting, for messages: "modules.orders.users_url"
    std::string token;       ///< sent to the other process as `Authorization: Bearer ...`; empty if there is none
    std::string trust; ///< PEM file with authorities for https, in addition to those of the system; empty if there is none
    const clock& time; ///< outlives the module
    metrics::registry& metrics; ///< outlives the module
    logger log;                 ///< named after the module: "users client"
};

/// Represents a module that runs in another process. Outlives the modules of this process.
class remote_module {
public:
    virtual ~remote_module() = default;

    /// Declares those GraphQL types of the remote module that the modules of this process refer to.
    virtual void add_types(graphql::schema_builder& schema) = 0;

    /// Writes one JSON value for /readyz, which describes how the other process has responded lately. Any thread.
    virtual void show(json_writer& json) const = 0;
};

/// Describes how the composition root creates a module. src/app/registry.cpp lists the entries of all modules. A module is
/// created after those that it needs; it adds its own interfaces to `shared_interfaces` and gets those of other modules from
/// there.
struct module_entry {
    host::description description;
    std::vector<need> needs = {};
    std::unique_ptr<module> (*make)(context c, interfaces& shared_interfaces);
    /// Null if modules in other processes cannot use this module.
    std::unique_ptr<remote_module> (*make_remote)(remote_context c, interfaces& shared_interfaces) = nullptr;
};

} // namespace atrium::host
