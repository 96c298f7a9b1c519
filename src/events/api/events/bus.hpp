#pragma once

#include <base/awaitable.hpp>
#include <base/error.hpp>
#include <events/event.hpp>
#include <storage/store.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace atrium::events {

/// The first event that a new subscription receives.
enum class start_from {
    now,      ///< the first event that is published after the subscription was recorded
    earliest, ///< the oldest event that the journal still holds
};

/// A durable interest in topics, recorded under its name in the journal. From then on the subscription receives every matching
/// event, whether or not its module is running, until an operator removes its row (docs/adding-a-module.md).
struct subscription {
    std::string name; ///< "users.order_statistics": the first word is the module whose tables the handler can access
    std::vector<std::string> topics; ///< patterns, see topic_pattern
    start_from start = start_from::now;
    /// The name before a renaming; empty if there was none. The subscription keeps its deliveries and its queue at a broker.
    std::string was = {};
    int concurrency = 8;                        ///< max number of runs of an asynchronous handler at the same time
    bool expects_failures = false;              ///< its failed deliveries are logged as `debug`, because they are intended
    std::chrono::milliseconds deadline{60'000}; ///< a run of an asynchronous handler that takes longer counts as failed
};

class delivery;

/// A handler with database effects only. It runs on the writer, inside the transaction that also removes the delivery, so its
/// effect happens exactly once. It must not block. An error or exception undoes its effect and counts as a failed attempt.
using transactional_handler = std::function<result<>(storage::transaction&, const event&)>;

/// A handler that may wait and do I/O. It never runs for two events of one key at the same time. Effects on the database belong
/// in `delivery::complete`, where they happen exactly once; all other effects happen at least once. Returning success without
/// calling `complete` completes the delivery with no effect.
using asynchronous_handler = std::function<awaitable<result<>>(delivery)>;

/// An event that is being delivered to an asynchronous handler.
class delivery {
public:
    [[nodiscard]] const events::event& event() const noexcept { return event_; }
    /// 1 for the first run.
    [[nodiscard]] int attempt() const noexcept { return attempt_; }

    /// Removes the delivery and applies `effect` (a function of `transaction&` returning `result<>`) in one commit; `effect`
    /// can access the tables of the subscription's module. Errors: those of `effect`; `not_found` if the delivery is gone, for
    /// example because an earlier run has handled it; then nothing is applied.
    template <class F>
    awaitable<result<>> complete(F effect) {
        co_return co_await complete_(std::function<result<>(storage::transaction&)>{std::move(effect)});
    }
    awaitable<result<>> complete() {
        return complete([](storage::transaction&) -> result<> { return {}; });
    }

    using completion = std::function<awaitable<result<>>(std::function<result<>(storage::transaction&)>)>;
    delivery(events::event e, int attempt, completion c) : event_{std::move(e)}, attempt_{attempt}, complete_{std::move(c)} {}

private:
    events::event event_;
    int attempt_;
    completion complete_;
};

/// Carries events from the module that publishes them to the modules that subscribe to them. The promises are the same for each
/// adapter: an event is published if and only if its transaction commits; every matching subscription receives it; the effect
/// of each subscription's handler on the database happens once; events of one key arrive in order; an event that cannot be
/// handled becomes a dead letter and is never dropped.
class bus {
public:
    virtual ~bus() = default;

    /// Adds the event to the caller's transaction, which may belong to any owner. Delivery begins when the transaction commits.
    virtual void publish(storage::transaction& t, new_event e) = 0;

    /// Adds a subscription; call it before the bus starts. Throws std::logic_error if the name is taken, begins with "events."
    /// or is not of the form MODULE.PURPOSE, if there are no topics, or if the bus runs already.
    virtual void subscribe(subscription s, transactional_handler handler) = 0;
    virtual void subscribe(subscription s, asynchronous_handler handler) = 0;

    /// Adds a subscription of a module that is compiled in but does not run here: its events accumulate and are not handled.
    virtual void declare(subscription s) = 0;
};

} // namespace atrium::events
