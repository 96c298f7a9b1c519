#pragma once

#include <base/awaitable.hpp>
#include <base/log.hpp>
#include <console/facts.hpp>
#include <events/durable_bus.hpp>
#include <http/recent_requests.hpp>
#include <http/request.hpp>
#include <http/response.hpp>
#include <http/router.hpp>
#include <metrics/registry.hpp>

#include <chrono>
#include <memory>

namespace atrium::console {

class backups;
class history;
class sampler;

/// The parts that the console uses. They must outlive it.
struct routes_parts {
    console::facts facts;
    metrics::registry& metrics;
    events::durable_bus& bus;
    http::recent_requests& requests; ///< the requests of the server that has these routes
    const clock& time;
    logger log;
    std::chrono::milliseconds interval{5'000}; ///< the time between two samples of the history
};

/// The console: its page for browsers, at every path below /console/, and the data that the page shows, below /console/data/
/// (docs/console.md). The handlers run on any worker.
class routes {
public:
    explicit routes(routes_parts p);
    ~routes();
    routes(const routes&) = delete;
    routes& operator=(const routes&) = delete;

    /// Whether this program contains the page. Without the CMake option ATRIUM_WEB it has only the data.
    [[nodiscard]] static bool has_page() noexcept;
    /// The page. Throws std::logic_error if this program does not contain it.
    [[nodiscard]] static http::response page(const http::request& q);

    /// Adds the routes to `router`, which must outlive the handlers.
    void add_routes(http::router& router);

    /// Starts to take samples. Call it after the start of the bus.
    void start();
    /// Cancels a running backup, so that the client that waits for it gets a response. Can be called on any thread. Idempotent.
    void begin_stop();
    /// Cancels a running backup and waits for its end, and takes no more samples. Call it before the bus and the database are
    /// stopped. Idempotent.
    void stop();

private:
    void add_page_routes(http::router& router) const;
    void add_data_routes(http::router& router);

    [[nodiscard]] http::response show_house(const http::request& q, const http::router& router) const;
    awaitable<http::response> show_history(const http::request& q) const;
    awaitable<http::response> list_requests(const http::request& q) const;
    [[nodiscard]] http::response show_system(const http::request& q) const;
    awaitable<http::response> make_backup(const http::request& q);

    routes_parts parts_;
    std::unique_ptr<console::history> history_;
    std::unique_ptr<console::sampler> sampler_;
    std::unique_ptr<console::backups> backups_;
};

} // namespace atrium::console
