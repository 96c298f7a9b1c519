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

/// Identifies this program in the index (the response to /) and in the metrics.
struct program {
    std::string version; ///< "0.1.0"
    std::string build;   ///< the compiler and the libraries of the program
};

/// The routes for operators: whether the process is alive, whether it should receive traffic, its metrics, and the list of its
/// routes. The arguments that the constructor takes by reference must outlive this object. The handlers run on any worker.
class operator_routes {
public:
    operator_routes(program p, metrics::registry& metrics, const storage::sqlite::sqlite_database& database,
                    events::durable_bus& bus, logger log);

    /// Adds a part to /readyz under `name`. `show` writes the JSON value of the part, and is called on any worker. The state of
    /// the part does not affect whether the server is ready. `add_part` must be called before the server starts.
    void add_part(std::string name, std::function<void(json_writer&)> show);

    /// Sets the page that browsers get at `/` instead of the index. `page` is called on any worker. `set_page`
    /// must be called before `add_routes`.
    void set_page(std::function<http::response(const http::request&)> page);

    /// Adds the routes to `router`, which must outlive the handlers, because the index lists all routes of `router`.
    void add_routes(http::router& router);

    /// From now on /readyz returns 503, so that load balancers send their traffic elsewhere. Can be called on any thread.
    void begin_shutdown() noexcept { is_shutting_down_ = true; }

private:
    [[nodiscard]] awaitable<http::response> show_readiness();
    [[nodiscard]] awaitable<http::response> show_metrics();
    [[nodiscard]] awaitable<result<events::backlog>> count_backlog();

    program program_;
    metrics::registry& metrics_;
    const storage::sqlite::sqlite_database& database_;
    events::durable_bus& bus_;
    logger log_;
    std::vector<std::pair<std::string, std::function<void(json_writer&)>>> parts_;
    std::function<http::response(const http::request&)> page_; ///< if empty, browsers get the index as well
    std::atomic<bool> is_shutting_down_ = false;
};

} // namespace atrium::operations
