#pragma once

#include "engine/cross_origin.hpp"
#include "engine/ledger.hpp"
#include "engine/site_policy.hpp"

#include <http/server.hpp>

namespace atrium::http {

/// What the workers of one server share. Outlives them; only the ledger changes after construction.
struct shared {
    const http::settings settings;
    const router& routes;
    metrics::registry& metrics;
    const logger log;
    const cross_origin cors;
    const site_policy sites;
    http::ledger ledger;
};

} // namespace atrium::http
