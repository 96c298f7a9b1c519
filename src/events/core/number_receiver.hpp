#pragma once

#include "core/number_tables.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::events {

/// What a publisher reports about the events that it sends to one subscription. It comes through the subscription's queue,
/// behind every event that it is about.
struct number_report {
    std::string publisher;
    std::string former_publisher; ///< what this publisher was called before it was restored from a backup; may be empty
    std::string receiver;         ///< whom it answers
    delivery_number since;        ///< lower numbers are not for this receiver
    delivery_number confirmed;    ///< the broker has confirmed all lower numbers
    std::vector<number_range> unavailable; ///< numbers that were asked for and cannot be sent again
};

/// Keeps account of the delivery numbers that one subscription receives, and finds those that the broker has dropped.
///
/// Numbers may come in any order and any number of times: an event of a busy key is overtaken by others. One that is missing is
/// certainly lost at the broker only once its publisher reports that it was confirmed, in a message behind it.
///
/// Lives as long as one transaction of the owner `events`; `save` writes what it holds in memory.
class number_receiver {
public:
    number_receiver(storage::transaction& t, subscription_id subscription, timestamp now)
        : transaction_{t}, subscription_{subscription}, now_{now} {}

    /// An event of this publisher has come; `is_repeated` if the publisher has sent it again because it was missing. True if
    /// lower numbers are missing now that had not been skipped before.
    bool arrived(const std::string& publisher, delivery_number number, bool is_repeated = false);
    void reported(const number_report& report);
    void save();

    /// Events, by what is known about them since this transaction began.
    struct counts {
        std::int64_t noticed = 0;   ///< found missing
        std::int64_t recovered = 0; ///< found missing before, and have come now
        std::int64_t lost = 0;      ///< will not come any more
    };
    [[nodiscard]] const counts& changes() const noexcept { return changes_; }
    /// The numbers of those that are lost, by publisher.
    struct loss {
        std::string publisher;
        number_range range;
    };
    [[nodiscard]] const std::vector<loss>& losses() const noexcept { return losses_; }

private:
    struct progress {
        table::received_number_row row;
        bool is_changed = false;
    };
    struct removed {
        std::int64_t events = 0;
        std::int64_t noticed = 0;
    };

    [[nodiscard]] progress& progress_of(const std::string& publisher);
    void advance(progress& p, delivery_number next);
    void begin_at(progress& p, const number_report& report);
    removed remove_missing(const std::string& publisher, number_range range);
    void give_up(const std::string& publisher, number_range range);
    void notice(const std::string& publisher, number_range range);
    void forget(const std::string& publisher);

    storage::transaction& transaction_;
    subscription_id subscription_;
    timestamp now_;
    std::map<std::string, progress, std::less<>> progress_;
    counts changes_;
    std::vector<loss> losses_;
};

} // namespace atrium::events
