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
    std::string purpose; ///< for the person who disabled it: "orders asks users who a customer is"
};

/// What the remote form of a module is given.
struct remote_context {
    std::string url;            ///< where the module answers; one that `http::parse_base_url` takes
    std::string url_setting;    ///< the key that the URL is from, for messages: "modules.orders.users_url"
    const clock& time;          ///< outlives it
    metrics::registry& metrics; ///< outlives it
    logger log;                 ///< named after it
};

/// A module that runs in another process, as the modules of this one see it. Lives as long as they do.
class remote_module {
public:
    virtual ~remote_module() = default;

    /// Declares the GraphQL types that the modules of this process refer to.
    virtual void add_types(graphql::schema_builder& to) = 0;

    /// For /readyz: writes one value, how the other process answered lately. Any thread.
    virtual void show(json_writer& to) const = 0;
};

/// How the composition root makes a module: what it lists once for each (src/app/registry.cpp). The modules that it needs are
/// made before it; a module offers its own interfaces in `others`, and takes those of the modules that it needs from there.
struct module_entry {
    host::description description;
    std::vector<need> needs = {};
    std::unique_ptr<module> (*make)(context c, interfaces& others);
    /// Null if other modules cannot use this one from another process.
    std::unique_ptr<remote_module> (*make_remote)(remote_context c, interfaces& others) = nullptr;
};

} // namespace atrium::host
