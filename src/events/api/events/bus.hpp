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

/// Where a subscription begins when it is first recorded.
enum class start_from {
    now,      ///< with the events after it
    earliest, ///< with what the journal still holds
};

/// A durable interest in topics. Recorded under its name in the journal: from then on no matching event passes it by, whether
/// its module runs or not, until it is forgotten by command.
struct subscription {
    std::string name;                ///< "users.order_statistics": the first word is the module whose tables the handler sees
    std::vector<std::string> topics; ///< patterns, see topic_pattern
    start_from start = start_from::now;
    std::string was =
        {};              ///< its former name, where it was renamed: deliveries move over; its queue at a broker keeps that name
    int concurrency = 8; ///< asynchronous handlers at work at once
    std::chrono::milliseconds deadline{60'000}; ///< for one run of an asynchronous handler; later it counts as failed
};

class delivery;

/// Database effects only. Runs on the writer inside the transaction that also removes the delivery: exactly once. It must not
/// block. An error undoes its effect and counts as an attempt; so does an exception.
using transactional_handler = std::function<result<>(storage::transaction&, const event&)>;

/// May wait and do I/O; one at a time for each key. Its database effect belongs into `delivery::complete`, and is exactly once
/// there; what it does outside is at least once. Returning success without `complete` completes with no effect.
using asynchronous_handler = std::function<awaitable<result<>>(delivery)>;

/// One event on its way to one asynchronous handler.
class delivery {
public:
    [[nodiscard]] const events::event& event() const noexcept { return event_; }
    /// 1 for the first run.
    [[nodiscard]] int attempt() const noexcept { return attempt_; }

    /// Removes the delivery and applies `effect` (a function of `transaction&` returning `result<>`) in one commit, as the
    /// subscription's module. Errors: the effect's own; `not_found` where the delivery is gone already (handled by an earlier
    /// run: nothing is applied).
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

/// Carries events from the module that publishes to those that subscribed. The promises are the same for each adapter:
/// an event is published if and only if its transaction commits; every matching subscription gets it; a database effect happens
/// once; events of one key arrive in order; what cannot be handled ends as a dead letter, never nowhere.
class bus {
public:
    virtual ~bus() = default;

    /// Adds the event to the caller's transaction. Delivery begins with its commit. Any owner's transaction.
    virtual void publish(storage::transaction& t, new_event e) = 0;

    /// Before the bus starts. Throws std::logic_error for a name that is taken or has no module.
    virtual void subscribe(subscription s, transactional_handler handler) = 0;
    virtual void subscribe(subscription s, asynchronous_handler handler) = 0;

    /// A subscription of a module that is compiled in but does not run here: it gathers and is not handled.
    virtual void declare(subscription s) = 0;
};

} // namespace atrium::events
