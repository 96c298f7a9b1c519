#pragma once

#include "core/journal.hpp"
#include "core/runner.hpp"
#include "number_messages.hpp"
#include "publisher.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace atrium::events::rabbitmq {

/// Answers the inquiries of receivers: sends again the missing events that the journal still holds, and then a report, both
/// through the queue of the subscription.
///
/// Every member runs on the dispatcher's thread.
class number_responder {
public:
    /// A subscription whose events are numbered.
    struct receiver {
        subscription_id subscription;
        std::string wire_name; ///< the name of the subscription at the broker
        std::string queue;
    };

    /// `journal` and `publisher` outlive the responder. `outlet` is the outlet of the relay.
    number_responder(const runner_context& c, journal& journal, subscription_id outlet, publisher& publisher,
                     std::string exchange, std::vector<receiver> receivers);

    /// Answers an inquiry in the background. Ignores a malformed one.
    void add_inquiry(const message& m);
    void stop() noexcept { is_stopping_ = true; }

    static constexpr std::size_t max_events = 500;            ///< max number of events that one answer sends again
    static constexpr std::size_t max_bytes = 4 * 1024 * 1024; ///< max size of the data of those events

private:
    struct answer {
        number_report report;
        std::vector<outgoing_event> events;
        std::size_t bytes = 0; ///< size of the data of `events`
        /// The receiver has received numbers that this database has not assigned yet, so the database is a restored backup.
        bool is_restored = false;
        bool is_new_receiver = false; ///< until now, another database or no database has received the events
    };

    awaitable<> answer_all();
    awaitable<> answer_one(const number_inquiry& inquiry, const receiver& target);
    [[nodiscard]] answer prepare(storage::snapshot& s, const number_inquiry& inquiry, const receiver& target) const;
    void add_missing(storage::snapshot& s, number_range missing, const receiver& target, answer& a) const;
    [[nodiscard]] std::optional<event> find_missing(storage::snapshot& s, event_seq seq) const;
    [[nodiscard]] outgoing_event with_number(event e, const std::string& publisher, const receiver& target,
                                             delivery_number number) const;
    void record(storage::transaction& t, const answer& a, const receiver& target) const;

    runner_context context_;
    journal& journal_;
    subscription_id outlet_;
    publisher& publisher_;
    std::string exchange_;
    std::vector<receiver> receivers_;
    std::deque<number_inquiry> waiting_; ///< the newest inquiry of each receiver
    bool is_working_ = false;
    bool is_stopping_ = false;
};

} // namespace atrium::events::rabbitmq
