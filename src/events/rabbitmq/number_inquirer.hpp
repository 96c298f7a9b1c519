#pragma once

#include "consumer.hpp"
#include "core/runner.hpp"
#include "inquiry_schedule.hpp"
#include "number_messages.hpp"

#include <base/timer.hpp>

#include <functional>
#include <string>

namespace atrium::events::rabbitmq {

/// Finds the events of one subscription that the broker has dropped, while this process receives the events of this
/// subscription: asks all publishers again and again which events they have sent (docs/rabbitmq.md, gaps at the broker). Each
/// publisher first sends the missing events again, and then a report. Both arrive through the subscription's queue.
///
/// Every member runs on the dispatcher's thread.
class number_inquirer {
public:
    /// Sends a message to every publisher, if the broker can be reached at the moment.
    using sender = std::function<void(message inquiry)>;

    /// `consumer` outlives the inquirer. `wire_name` is the subscription's name at the broker.
    number_inquirer(const runner_context& c, subscription_id subscription, std::string wire_name, const consumer& consumer,
                    sender send);

    void start();
    void stop();

    /// Call it when a report has been stored. `has_more`: the publisher will send further missing events after the next
    /// inquiry.
    void note_report(bool has_more) { schedule_.note_report(has_more, std::chrono::steady_clock::now()); }
    /// Call it when an event has been stored whose predecessor by delivery number is missing.
    void note_skipped_numbers() { schedule_.note_skipped_numbers(std::chrono::steady_clock::now()); }

private:
    awaitable<> keep_asking();
    awaitable<> ask();

    runner_context context_;
    subscription_id subscription_;
    std::string wire_name_;
    const consumer& consumer_;
    sender send_;
    steady_timer timer_;
    inquiry_schedule schedule_;
    bool stopping_ = false;
};

} // namespace atrium::events::rabbitmq
