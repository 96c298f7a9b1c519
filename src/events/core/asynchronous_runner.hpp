#pragma once

#include "core/runner.hpp"

#include <boost/asio/cancellation_signal.hpp>

#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace atrium::events {

/// Runs an asynchronous handler: several keys at the same time, but one delivery of each key at a time. Which deliveries are in
/// flight is recorded only in this object; in the journal each of them is still the first pending delivery of its key, so that
/// it is handled again after a crash.
class asynchronous_runner final : public runner {
public:
    asynchronous_runner(const runner_context& c, subscription s, subscription_id id, asynchronous_handler h);

    void cancel() override;

private:
    /// A running handler.
    struct flight {
        table::delivery_row row;
        bool completed = false; ///< the handler has removed the delivery from the journal
        asio::cancellation_signal cancel;
    };

    /// How a run of the handler ended.
    struct handler_outcome {
        result<> value;
        std::exception_ptr exception; ///< null if the handler returned `value`
    };

    awaitable<bool> run_once() override;
    void start_handler(table::delivery_row row);
    awaitable<> run_flight(std::list<flight>::iterator f);
    /// Returns why the handler failed; empty if it succeeded or the server is stopping. Throws if the storage fails.
    awaitable<std::optional<std::string>> handle(flight& f);
    awaitable<handler_outcome> run_handler(flight& f);
    /// Removes the delivery from the journal and applies the handler's effect in the same transaction.
    result<> apply(storage::transaction& t, const event& e, const std::function<result<>(storage::transaction&)>& effect) const;
    awaitable<result<>> complete(flight& f, std::function<result<>(storage::transaction&)> effect);
    awaitable<> fail(const flight& f, const std::string& reason);

    asynchronous_handler handler_;
    std::list<flight> flights_;
    bool cancelled_ = false;                               ///< the time that `stop` allows for running handlers has passed
    std::set<std::string, std::less<>> keys_;              ///< the keys of the flights
    std::optional<timestamp> next_due_ = timestamp::min(); ///< when the next backoff ends; min() until the first run reads it
};

} // namespace atrium::events
