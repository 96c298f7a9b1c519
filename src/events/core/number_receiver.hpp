#pragma once

#include "core/number_tables.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::events {

/// A publisher's report about the events that it sends to one subscription. It comes through the subscription's queue, after
/// every event that it covers.
struct number_report {
    std::string publisher;
    /// The id that this publisher had before its database was restored from a backup; empty if there was no restore.
    std::string former_publisher;
    std::string receiver;                  ///< the receiver whose inquiry it answers
    delivery_number since;                 ///< lower numbers are not meant for this receiver
    delivery_number confirmed;             ///< the broker has confirmed all lower numbers
    std::vector<number_range> unavailable; ///< requested numbers that cannot be sent again
};

/// Tracks the delivery numbers that one subscription receives, and finds those that the broker has dropped.
///
/// Numbers may come in any order, because events of other keys overtake those of a busy key, and more than once, because an
/// event can be sent again. A missing event is certainly lost at the broker only once its publisher reports, in a later
/// message, that the broker had confirmed it.
///
/// Lives within one transaction of the owner `events`; `save` writes the changes that are still in memory.
class number_receiver {
public:
    number_receiver(storage::transaction& t, subscription_id subscription, timestamp now)
        : transaction_{t}, subscription_{subscription}, now_{now} {}

    /// Records that an event of this publisher has arrived with this number. `is_repeated` means that the publisher has sent
    /// the event again, because it was missing. Returns true if this number skips lower ones, which count as missing until
    /// they arrive.
    bool receive(const std::string& publisher, delivery_number number, bool is_repeated = false);
    void receive_report(const number_report& report);
    void save();

    /// How many events have changed their state in this transaction.
    struct counts {
        std::int64_t noticed = 0;   ///< events that were found to be missing
        std::int64_t recovered = 0; ///< events that were missing and have now arrived
        std::int64_t lost = 0;      ///< events that will not arrive any more
    };
    [[nodiscard]] const counts& changes() const noexcept { return changes_; }
    /// The delivery numbers of lost events of one publisher.
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
    /// How many numbers no longer count as missing, and how many of these had been noticed.
    struct removal {
        std::int64_t events = 0;
        std::int64_t noticed = 0;
    };

    [[nodiscard]] progress& progress_of(const std::string& publisher);
    void advance(progress& p, delivery_number next);
    void begin_at(progress& p, const number_report& report);
    removal remove_missing(const std::string& publisher, number_range range);
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
