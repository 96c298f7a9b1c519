#pragma once

#include "server/access_log.hpp"
#include "server/connection_counter.hpp"
#include "server/cross_origin.hpp"
#include "server/memory_relief.hpp"
#include "server/server_identity.hpp"
#include "server/site_policy.hpp"

#include <http/address_group.hpp>
#include <http/server.hpp>

#include <atomic>
#include <memory>
#include <vector>

namespace atrium::http {

class worker;

/// The objects that the workers of one server share. They outlive the workers. After construction, only `relief`, the members
/// after it, and the contents of `memory` and `identity` change.
struct shared {
    const http::settings settings;
    const router& routes;
    metrics::registry& metrics;
    const logger log;
    const cross_origin cors;
    const site_policy sites;
    const std::vector<address_network> trusted_proxies;
    const std::shared_ptr<memory_budget> memory;
    const std::unique_ptr<server_identity> identity; ///< null if the server does not use TLS
    memory_relief relief{*memory};
    connection_counter connections;
    http::access_log access_log;          ///< can be used on any thread
    recent_requests* const recent;        ///< if null, requests are not recorded
    std::vector<worker*> workers = {};    ///< complete before the first worker starts
    std::atomic<bool> is_closing = false; ///< if true, every response is the last one of its connection
};

} // namespace atrium::http
