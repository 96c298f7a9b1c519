#include "core/journal_tables.hpp"
#include "core/number_tables.hpp"
#include "node.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <map>
#include <random>

using namespace atrium;
using namespace atrium::contract;
using namespace std::chrono_literals;
using events::delivery_number;
using events::event_seq;
using events::subscription_id;
namespace table = events::table;

namespace {

constexpr subscription_id receiver{1};
constexpr subscription_id outlet{2};

/// An outlet in a real database, and the state that is expected of it: which events wait to be confirmed, and the delivery
/// number of each of them.
class outlet_fixture {
public:
    /// Publishes an event, which waits at the outlet unless it is scheduled.
    void publish(storage::transaction& t, bool is_scheduled) {
        const auto seq = table::insert_event(t, event(), {});
        if (is_scheduled) {
            table::insert_scheduled(t, seq, {});
            scheduled_.push_back(seq);
        } else {
            send(t, seq, {});
        }
    }
    /// Makes one of the scheduled events due.
    void become_due(storage::transaction& t, std::size_t index) {
        const auto seq = scheduled_[index];
        scheduled_.erase(scheduled_.begin() + static_cast<std::ptrdiff_t>(index));
        table::remove_scheduled(t, seq);
        send(t, seq, table::last_seq(t));
    }
    /// Records that the broker has confirmed one of the waiting events.
    void confirm(storage::transaction& t, std::size_t index) {
        const auto one = std::next(waiting_.begin(), static_cast<std::ptrdiff_t>(index));
        (void)table::remove_delivery(t, outlet, one->second);
        waiting_.erase(one);
    }
    [[nodiscard]] std::size_t scheduled() const { return scheduled_.size(); }
    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
    [[nodiscard]] std::int64_t first_unconfirmed() const { return waiting_.empty() ? last_ + 1 : waiting_.begin()->first; }

    template <class F>
    void write(F work) {
        run(process_.journal().write([&](storage::transaction& t) -> result<> {
            work(t);
            return {};
        })).value();
    }

private:
    static events::event event() {
        return {.id = make_uuid_v7({}),
                .source = "/atrium/probe",
                .topic = "probe.made",
                .key = "k",
                .time = {},
                .traceparent = {},
                .data = "{}",
                .replay = {}};
    }
    void send(storage::transaction& t, event_seq seq, std::optional<event_seq> sent_after) {
        auto e = event();
        e.seq = seq;
        table::insert_delivery(t, outlet, e, {++last_});
        table::insert_sent_number(t, receiver, seq, sent_after);
        waiting_.emplace(last_, seq);
    }

    temporary_directory folder_;
    node process_{folder_.path()};
    std::int64_t last_ = 0; ///< the last delivery number that was assigned
    std::vector<event_seq> scheduled_;
    std::map<std::int64_t, event_seq> waiting_; ///< the seqs of the waiting events, by delivery number
};

} // namespace

TEST_CASE("the lowest unconfirmed delivery number is found, whether or not events were scheduled, in whatever order they are "
          "confirmed") {
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 dice{seed};
    outlet_fixture fixture;
    fixture.write([&](storage::transaction& t) {
        for (int step = 0; step < 2000; ++step) {
            const auto choice = dice() % 10;
            if (choice < 4)
                fixture.publish(t, choice == 0);
            else if (choice == 4 && fixture.scheduled() > 0)
                fixture.become_due(t, dice() % fixture.scheduled());
            else if (choice > 4 && fixture.waiting() > 0)
                fixture.confirm(t, dice() % std::min<std::size_t>(fixture.waiting(), 20));
            REQUIRE(table::first_unconfirmed(t, receiver, outlet) == delivery_number{fixture.first_unconfirmed()});
        }
    });
}

TEST_CASE("if very many scheduled events are unconfirmed, the number found may be below the lowest unconfirmed one, but not "
          "above it") {
    outlet_fixture fixture;
    fixture.write([&](storage::transaction& t) {
        for (int i = 0; i < 300; ++i)
            fixture.publish(t, true);
        for (int i = 0; i < 50; ++i)
            fixture.publish(t, false);
        while (fixture.scheduled() > 0)
            fixture.become_due(t, fixture.scheduled() - 1); // the highest seq gets the lowest number
        for (int i = 0; i < 50; ++i)
            fixture.confirm(t, 0);
        for (; fixture.waiting() > 0; fixture.confirm(t, 0)) {
            const auto found = table::first_unconfirmed(t, receiver, outlet).value;
            REQUIRE(found <= fixture.first_unconfirmed());
            if (fixture.waiting() < 100)
                REQUIRE(found == fixture.first_unconfirmed());
        }
        CHECK(table::first_unconfirmed(t, receiver, outlet).value == fixture.first_unconfirmed());
    });
}
