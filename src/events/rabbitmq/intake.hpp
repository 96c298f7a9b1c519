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

/// Commits what has come from one queue of the broker to the journal, and only then lets it be acknowledged. What cannot become
/// an event is kept as a dead letter. On trouble with the storage nothing more is read until it works again.
///
/// Every member runs on the dispatcher's thread, unless it says otherwise.
class intake {
public:
    /// Where its messages go.
    struct destination {
        subscription_id subscription = {};
        bool is_bridge = false;     ///< of a plain AMQP program: a message becomes a new event
        std::string topic = {};     ///< of such an event
        std::string wire_name = {}; ///< by which the broker knows the subscription; empty for a bridge
    };

    /// `log_book` outlives it. The name is for the log, and a part of the keys of a bridge's events.
    intake(const runner_context& c, journal& log_book, std::string name, destination to);

    /// Where messages are acknowledged; before the first of them comes.
    void attach(consumer& from) noexcept { from_ = &from; }
    /// Who asks the publishers of a subscription; before the first message comes.
    void attach(number_inquirer& inquirer) noexcept { inquirer_ = &inquirer; }

    /// In the order of arrival.
    void arrived(std::vector<received> messages);

    [[nodiscard]] bool is_idle() const noexcept { return waiting_.empty(); }

    /// Messages that the broker had sent before. Any thread.
    [[nodiscard]] std::uint64_t redelivered() const noexcept { return redelivered_; }

    /// Commits nothing more: what is not acknowledged comes again.
    void stop();

private:
    /// What became of the messages of one commit.
    struct tally {
        int received = 0;
        int duplicates = 0;
        int unreadable = 0;
        int reports = 0;
        bool has_skipped = false; ///< a number came whose predecessors have not come
        number_receiver::counts numbers;
    };

    awaitable<> commit_all();
    awaitable<> commit_some();
    [[nodiscard]] std::size_t batch_size() const;
    [[nodiscard]] tally store(storage::transaction& t, const std::vector<const received*>& batch);
    void count_number(number_receiver& numbers, const received& one, tally& done) const;
    void keep_losses(storage::transaction& t, const number_receiver& numbers);
    void report(const tally& done);
    void receive(storage::transaction& t, const received& one, tally& done);
    /// False for one that was taken in before; an error where it is no event.
    [[nodiscard]] result<bool> receive_event(storage::transaction& t, const received& one);
    [[nodiscard]] result<bool> receive_plain(storage::transaction& t, const received& one);
    void keep_unreadable(storage::transaction& t, const received& one, const std::string& reason);
    void acknowledge(std::size_t committed);

    runner_context context_;
    journal& log_book_;
    std::string name_;
    destination to_;
    consumer* from_ = nullptr;
    number_inquirer* inquirer_ = nullptr;
    std::int64_t changed_since_report_ = 0; ///< numbers that were noticed or recovered
    std::deque<received> waiting_;
    steady_timer pause_;
    throttle fault_log_ = throttle::once_a_minute();
    throttle unreadable_log_{10, std::chrono::minutes{1}}; ///< the writer's thread's
    std::atomic<std::uint64_t> redelivered_ = 0;
    bool working_ = false;
    bool stopping_ = false;
    metrics::counter received_;
    metrics::counter duplicates_;
    metrics::counter unreadable_;
    metrics::counter noticed_;
    metrics::counter recovered_;
    metrics::counter lost_;
};

} // namespace atrium::events::rabbitmq
