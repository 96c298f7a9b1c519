#include "memory/memory_gauges.hpp"
#include "server/descriptor_limit.hpp"
#include "server/worker.hpp"

#include <http/check_address.hpp>

#include <algorithm>
#include <thread>

namespace atrium::http {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

/// Leaves out texts that are not networks; the configuration does not allow these.
std::vector<address_network> networks_of(const std::vector<std::string>& texts) {
    std::vector<address_network> networks;
    for (const auto& text : texts)
        if (const auto network = address_network::parse(text))
            networks.push_back(*network);
    return networks;
}

std::shared_ptr<memory_budget> make_budget(const settings& s) {
    const auto limit = s.limits.memory > 0 ? s.limits.memory : default_memory_limit();
    return std::make_shared<memory_budget>(limit, s.deadlines.memory);
}

std::unique_ptr<server_identity> make_identity(const settings& s, metrics::registry& metrics, const logger& log) {
    return s.tls.is_on() ? std::make_unique<server_identity>(s.tls, metrics, log) : nullptr;
}

constexpr auto time_to_unwind = 2s; // for handlers whose connections were cut, and for workers to finish their work

void warn_if_descriptors_are_few(const shared& common) {
    const auto configured = common.settings.limits.connections;
    const auto possible = connections_within_descriptors(configured);
    if (possible < configured)
        common.log.warning("the system allows fewer open files than the configured number of connections needs (ulimit -n)",
                           {{"http.limits.connections", configured}, {"connections", possible}});
}

} // namespace

struct server::impl {
    impl(http::settings s, const router& routes, metrics::registry& metrics, const logger& log, recent_requests* recent)
        : common{.settings = s,
                 .routes = routes,
                 .metrics = metrics,
                 .log = log,
                 .cors = cross_origin{s},
                 .sites = site_policy{s},
                 .trusted_proxies = networks_of(s.trusted_proxies),
                 .memory = make_budget(s),
                 .identity = make_identity(s, metrics, log),
                 .connections = connection_counter{{.connections = connections_within_descriptors(s.limits.connections),
                                                    .per_address = s.limits.connections_per_address,
                                                    .share = s.limits.address_share}},
                 .access_log = http::access_log{s.access_log},
                 .recent = recent,
                 .is_closing = false} {
        show_memory(metrics, common.memory);
        (void)certificate_expiry(metrics); // so that the metric is also exported without TLS
    }

    shared common;
    std::vector<std::unique_ptr<worker>> workers;
    std::uint16_t port = 0;
    bool is_drained = false;
};

server::server(settings s, const router& routes, metrics::registry& metrics, logger log, recent_requests* recent)
    : impl_{std::make_unique<impl>(std::move(s), routes, metrics, log, recent)} {}

server::~server() {
    stop();
}

void server::start() {
    auto& common = impl_->common;
    warn_if_descriptors_are_few(common);
    check_address(common.settings);
    auto endpoint = endpoint_of(common.settings);

    const auto configured = common.settings.threads;
    const auto count = configured > 0 ? configured : std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::unique_ptr<worker>> workers;
    common.relief.set_workers(count);
    for (unsigned number = 0; number < count; ++number) {
        workers.push_back(std::make_unique<worker>(common, number, endpoint));
        endpoint.port(workers.front()->port());
    }
    impl_->port = endpoint.port();
    impl_->workers = std::move(workers);
    common.workers.clear();
    for (auto& each : impl_->workers)
        common.workers.push_back(each.get());
    for (auto& each : impl_->workers)
        each->start();
    common.log.debug("workers started", {{"workers", count}, {"port", impl_->port}});
}

std::uint16_t server::port() const noexcept {
    return impl_->port;
}

std::size_t server::worker_count() const noexcept {
    return impl_->workers.size();
}

void server::visit_workers(const std::function<void(executor)>& function) {
    for (auto& each : impl_->workers)
        each->visit(function);
}

memory_budget& server::memory() noexcept {
    return *impl_->common.memory;
}

bool server::reload_certificate() {
    const auto& identity = impl_->common.identity;
    if (identity)
        identity->reload();
    return identity != nullptr;
}

void server::begin_shutdown() noexcept {
    impl_->common.is_closing = true;
}

void server::drain(steady_clock::time_point deadline) {
    if (std::exchange(impl_->is_drained, true))
        return;
    begin_shutdown();
    auto& common = impl_->common;
    for (auto& each : impl_->workers)
        each->drain();
    if (common.connections.wait_until_none(deadline))
        return;

    common.log.warning("connections were cut", {{"connections", common.connections.open()}});
    for (auto& each : impl_->workers)
        each->cut();
    if (!common.connections.wait_until_none(steady_clock::now() + time_to_unwind))
        common.log.warning("handlers are still running", {{"connections", common.connections.open()}});
}

void server::stop() {
    if (impl_->workers.empty())
        return;
    drain(steady_clock::now());
    const auto deadline = steady_clock::now() + time_to_unwind;
    for (auto& each : impl_->workers)
        each->finish(deadline);
    impl_->workers.clear();
    impl_->common.log.debug("workers stopped");
}

} // namespace atrium::http
