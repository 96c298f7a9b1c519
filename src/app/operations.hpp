#pragma once

#include <base/awaitable.hpp>
#include <base/log.hpp>
#include <events/durable_bus.hpp>
#include <http/router.hpp>
#include <metrics/registry.hpp>
#include <storage/sqlite/database.hpp>

#include <atomic>
#include <string>
#include <string_view>

namespace atrium::app {

/// What operators ask: whether the process lives, whether it should get traffic, what it measures, what it offers. What it is
/// given outlives it; its handlers run on any worker.
class operations {
public:
    operations(metrics::registry& metrics, const storage::sqlite::sqlite_database& database, events::durable_bus& bus,
               logger log);

    /// `to` outlives this object's answers: the index lists its routes.
    void add_routes(http::router& to);

    /// From now on /readyz says 503, so that a load balancer sends its traffic elsewhere. Any thread.
    void begin_shutdown() noexcept { shutting_down_ = true; }

private:
    [[nodiscard]] awaitable<http::response> readiness();
    [[nodiscard]] awaitable<http::response> measurements();
    [[nodiscard]] awaitable<result<events::backlog>> backlog();

    metrics::registry& metrics_;
    const storage::sqlite::sqlite_database& database_;
    events::durable_bus& bus_;
    logger log_;
    std::atomic<bool> shutting_down_ = false;
};

} // namespace atrium::app
