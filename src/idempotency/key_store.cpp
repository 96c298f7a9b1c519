#include "migrations.hpp"
#include "request_table.hpp"
#include "shared_state.hpp"
#include "sweeper.hpp"

#include <idempotency/key_store.hpp>

#include <utility>

namespace atrium::idempotency {
namespace {

using namespace std::chrono_literals;

/// The data that is stored for a key.
struct earlier_request {
    std::optional<table::request_row> row = {};
    completed_fields fields = {};
};

error still_running() {
    return {.code = errc::conflict,
            .detail = "a request with this idempotency key is still running; repeat the request later",
            .faults = {},
            .retry_after = 1s};
}

error other_request() {
    return {.code = errc::invalid,
            .detail = "this idempotency key was used for another request; each request needs a key of its own"};
}

} // namespace

storage::schema key_schema() {
    return {std::string{owner}, migrations};
}

key_store::key_store(const settings& s, key_store_parts p)
    : state_{new shared_state{.store = storage::store{p.database, std::string{owner}},
                              .time = p.time,
                              .max_count = s.count,
                              .key_count =
                                  p.metrics.gauge("atrium_idempotency_keys", "Stored idempotency keys, each with a response"),
                              .log = p.log}},
      sweeper_{std::make_unique<sweeper>(*state_, s.age, std::move(p.steady_now))} {}

key_store::~key_store() {
    stop();
}

void key_store::start() {
    sweeper_->start();
}

void key_store::stop() {
    sweeper_->stop();
}

awaitable<> key_store::remove_old_keys() {
    return sweeper_->sweep_once();
}

/// Marks the key as running before it reads the database. If it read the database first, an earlier request could store its
/// response and end between the two steps, and then this request would run although the earlier one has had its effect.
awaitable<result<std::unique_ptr<claim>>> key_store::claim_key(request_key key) {
    if (!state_->begin(key))
        co_return still_running();
    auto new_claim = std::make_unique<claim>(state_, std::move(key));
    auto earlier = co_await state_->store.read([&](storage::snapshot& s) -> result<earlier_request> {
        earlier_request found{.row = table::find_request(s, new_claim->key_)};
        if (found.row && !found.row->response)
            found.fields = table::find_fields(s, found.row->id);
        return found;
    });
    if (!earlier)
        co_return earlier.error();
    if (earlier->row && earlier->row->fingerprint != new_claim->key_.fingerprint)
        co_return other_request();
    if (earlier->row) {
        new_claim->response_ = std::move(earlier->row->response);
        new_claim->fields_ = std::move(earlier->fields);
        new_claim->has_fields_ = !new_claim->fields_.empty();
    }
    co_return new_claim;
}

} // namespace atrium::idempotency
