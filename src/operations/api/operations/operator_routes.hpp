#pragma once

#include <base/awaitable.hpp>
#include <base/json_writer.hpp>
#include <base/log.hpp>
#include <events/durable_bus.hpp>
#include <http/router.hpp>
#include <metrics/registry.hpp>
#include <storage/sqlite/database.hpp>

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::operations {

/// What runs here, for the index and the metrics.
struct program {
    std::string version; ///< "0.1.0"
    std::string build;   ///< what it was built with
};

/// What operators ask: whether the process lives, whether it should get traffic, what it measures, what it offers. What it is
/// given outlives it; its handlers run on any worker.
class operator_routes {
public:
    operator_routes(program p, metrics::registry& metrics, const storage::sqlite::sqlite_database& database,
                    events::durable_bus& bus, logger log);

    /// Has /readyz show one more part under `name`: `show` writes its value. It may be in trouble and the server
    /// ready all the same. Before the server starts; called by any worker.
    void add_part(std::string name, std::function<void(json_writer&)> show);

    /// `to` outlives this object's answers: the index lists its routes.
    void add_routes(http::router& to);

    /// From now on /readyz says 503, so that a load balancer sends its traffic elsewhere. Any thread.
    void begin_shutdown() noexcept { shutting_down_ = true; }

private:
    [[nodiscard]] awaitable<http::response> readiness();
    [[nodiscard]] awaitable<http::response> measurements();
    [[nodiscard]] awaitable<result<events::backlog>> backlog();

    program program_;
    metrics::registry& metrics_;
    const storage::sqlite::sqlite_database& database_;
    events::durable_bus& bus_;
    logger log_;
    std::vector<std::pair<std::string, std::function<void(json_writer&)>>> parts_;
    std::atomic<bool> shutting_down_ = false;
};

} // namespace atrium::operations
