#pragma once

#include "consumer.hpp"
#include "core/journal.hpp"
#include "core/number_receiver.hpp"
#include "core/runner.hpp"
#include "number_inquirer.hpp"
#include "wire.hpp"

#include <base/throttle.hpp>
#include <base/timer.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace atrium::events::rabbitmq {

/// Stores the messages of one broker queue in the journal, and acknowledges them only after the commit. A message that cannot
/// become an event is stored as a dead letter. If the storage fails, nothing more is read until it works again.
///
/// Every member runs on the dispatcher's thread, unless noted otherwise.
class intake {
public:
    /// Where the messages of the queue go.
    struct destination {
        subscription_id subscription = {};
        bool is_bridge = false;     ///< the sender is a plain AMQP program: each message becomes a new event
        std::string topic = {};     ///< the topic of such events
        std::string wire_name = {}; ///< the subscription's name at the broker; empty for a bridge
    };

    /// `journal` outlives the intake. `name` is used in logs and metrics, and in the keys of a bridge's events.
    intake(const runner_context& c, journal& journal, std::string name, destination target);

    /// Sets the consumer that acknowledges the messages; call it before the first message comes.
    void attach(consumer& consumer) noexcept { consumer_ = &consumer; }
    /// Sets the inquirer of a subscription's publishers; call it before the first message comes.
    void attach(number_inquirer& inquirer) noexcept { inquirer_ = &inquirer; }

    /// Adds messages that were received, in the order of their arrival.
    void add_received(std::vector<received> messages);

    [[nodiscard]] bool is_idle() const noexcept { return waiting_.empty(); }

    /// The number of messages that the broker may have delivered before. Any thread.
    [[nodiscard]] std::uint64_t redelivered() const noexcept { return redelivered_; }

    /// Commits nothing more. Unacknowledged messages will be delivered again.
    void stop();

private:
    /// The outcomes of the messages of one commit.
    struct tally {
        int received = 0;
        int duplicates = 0;
        int unreadable = 0;
        int reports = 0;
        bool has_skipped = false; ///< a delivery number arrived before lower ones
        number_receiver::counts numbers;
    };

    awaitable<> commit_all();
    awaitable<> commit_some();
    [[nodiscard]] std::size_t batch_size() const;
    [[nodiscard]] tally store(storage::transaction& t, const std::vector<const received*>& batch);
    void count_number(number_receiver& numbers, const received& delivery, tally& outcomes) const;
    void record_losses(storage::transaction& t, const number_receiver& numbers);
    void report_outcomes(const tally& outcomes);
    void receive(storage::transaction& t, const received& delivery, tally& outcomes);
    /// Returns false if the event was received before. Errors: the message is not an event.
    [[nodiscard]] result<bool> receive_event(storage::transaction& t, const received& delivery);
    [[nodiscard]] result<bool> receive_plain(storage::transaction& t, const received& delivery);
    void keep_unreadable(storage::transaction& t, const received& delivery, const std::string& reason);
    void acknowledge(std::size_t committed);

    runner_context context_;
    journal& journal_;
    std::string name_;
    destination target_;
    consumer* consumer_ = nullptr;
    number_inquirer* inquirer_ = nullptr;
    std::int64_t changes_since_report_ = 0; ///< number of events found to be missing, or received again, since the last report
    std::deque<received> waiting_;
    steady_timer pause_;
    throttle fault_log_ = throttle::once_a_minute();
    throttle unreadable_log_{10, std::chrono::minutes{1}}; ///< used on the writer's thread
    std::atomic<std::uint64_t> redelivered_ = 0;
    bool is_working_ = false;
    bool is_stopping_ = false;
    metrics::counter received_metric_;
    metrics::counter duplicates_metric_;
    metrics::counter unreadable_metric_;
    metrics::counter missing_metric_;
    metrics::counter recovered_metric_;
    metrics::counter lost_metric_;
};

} // namespace atrium::events::rabbitmq
