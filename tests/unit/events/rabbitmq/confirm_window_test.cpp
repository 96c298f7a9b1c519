#include "rabbitmq/confirm_window.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <string>

using namespace atrium::events;
using namespace atrium::events::rabbitmq;

namespace {

event event_with_seq(std::int64_t seq) {
    event e;
    e.seq = {seq};
    e.id = "id " + std::to_string(seq);
    return e;
}

std::vector<outgoing_event> events_with_seqs(std::vector<std::int64_t> seqs) {
    std::vector<outgoing_event> events;
    for (const auto seq : seqs)
        events.emplace_back(event_with_seq(seq));
    return events;
}

/// Sends all events that may be sent, and returns their seqs.
std::vector<std::int64_t> send_all(confirm_window& w) {
    std::vector<std::int64_t> sent;
    while (const auto* e = w.next()) {
        sent.push_back(e->seq.value);
        w.note_sent();
    }
    return sent;
}

std::vector<std::int64_t> seqs_of(const std::vector<event_seq>& sent_seqs) {
    std::vector<std::int64_t> found;
    std::ranges::transform(sent_seqs, std::back_inserter(found), &event_seq::value);
    return found;
}

std::vector<std::int64_t> confirm(confirm_window& w, std::uint64_t tag, bool is_multiple = false) {
    confirm_window::outcome settlement;
    w.note_confirmed(tag, is_multiple, settlement);
    CHECK(settlement.unroutable.empty());
    return seqs_of(settlement.settled);
}

using seqs = std::vector<std::int64_t>;

} // namespace

TEST_CASE("no more events are in flight than the window allows") {
    confirm_window w{2};
    w.add(events_with_seqs({10, 20, 30}));
    CHECK(send_all(w) == seqs{10, 20});
    CHECK(w.in_flight() == 2);
    CHECK(w.size() == 3);
    CHECK(confirm(w, 2) == seqs{20}); // although this is not the oldest event, another one may be sent now
    CHECK(send_all(w) == seqs{30});
    CHECK(confirm(w, 1) == seqs{10});
    CHECK(confirm(w, 3) == seqs{30});
    CHECK(w.size() == 0);
}

TEST_CASE("a confirm for multiple events settles all events up to its tag, in the order in which they were sent") {
    confirm_window w{10};
    w.add(events_with_seqs({10, 30, 20, 40, 50}));
    (void)send_all(w);
    CHECK(confirm(w, 2) == seqs{30});
    CHECK(confirm(w, 4, true) == seqs{10, 20, 40});
    CHECK(confirm(w, 4, true).empty());
    CHECK(confirm(w, 0, true) == seqs{50}); // AMQP 0-9-1: tag 0 means all
    CHECK(confirm(w, 0, true).empty());
}

TEST_CASE("confirms of unknown tags change nothing") {
    confirm_window w{10};
    w.add(events_with_seqs({10}));
    (void)send_all(w);
    CHECK(confirm(w, 0).empty());
    CHECK(confirm(w, 2).empty());
    CHECK(confirm(w, 7, true).empty());
    CHECK(w.in_flight() == 1);
}

TEST_CASE("a refused event is held until it is released, and is then sent before events that were not sent yet") {
    confirm_window w{3};
    w.add(events_with_seqs({10, 20, 30, 40}));
    (void)send_all(w);
    CHECK(w.note_refused(3, false) == 1);
    CHECK(w.note_refused(1, true) == 1);
    CHECK(w.has_held());
    CHECK(w.size() == 4);
    CHECK(send_all(w) == seqs{40});
    w.add(events_with_seqs({50}));
    w.release();
    CHECK_FALSE(w.has_held());
    CHECK(send_all(w) == seqs{10}); // it is sent with tag 5
    CHECK(confirm(w, 5, true) == seqs{20, 40, 10});
    CHECK(send_all(w) == seqs{30, 50});
}

TEST_CASE("after a lost connection, the unconfirmed events are sent again first, in the order of seq and with new tags") {
    confirm_window w{4};
    w.add(events_with_seqs({40, 10, 30, 20, 5}));
    (void)send_all(w);
    CHECK(confirm(w, 2) == seqs{10});
    CHECK(w.note_refused(4, false) == 1);
    w.note_connection_lost();
    CHECK(w.in_flight() == 0);
    CHECK_FALSE(w.has_held());
    CHECK(send_all(w) == seqs{20, 30, 40, 5});
    CHECK(confirm(w, 1) == seqs{20});
}

TEST_CASE("an event that was returned before its confirm is unroutable and not settled") {
    confirm_window w{4};
    w.add(events_with_seqs({10, 20, 30}));
    (void)send_all(w);
    CHECK(w.note_returned("id 20"));
    CHECK_FALSE(w.note_returned("id 20"));
    CHECK_FALSE(w.note_returned("id 99"));
    confirm_window::outcome settlement;
    w.note_confirmed(3, true, settlement);
    CHECK(seqs_of(settlement.settled) == seqs{10, 30});
    REQUIRE(settlement.unroutable.size() == 1);
    CHECK(settlement.unroutable[0].seq.value == 20);
    CHECK(w.size() == 0);
    w.hold(std::move(settlement.unroutable[0]));
    w.release();
    CHECK(send_all(w) == seqs{20});
}

TEST_CASE("if a connection ends between the return of an event and its confirm, the return is forgotten") {
    confirm_window w{4};
    w.add(events_with_seqs({10}));
    (void)send_all(w);
    CHECK(w.note_returned("id 10"));
    w.note_connection_lost();
    (void)send_all(w);
    CHECK(confirm(w, 1) == seqs{10});
}

TEST_CASE("an event that cannot be sent is withdrawn without using a tag") {
    confirm_window w{4};
    w.add(events_with_seqs({10, 20}));
    CHECK(w.withdraw().seq.value == 10);
    (void)send_all(w);
    CHECK(confirm(w, 1) == seqs{20});
}

TEST_CASE("with any sequence of responses of a broker, each event is settled exactly once") {
    std::mt19937 random{20261122};
    const auto random_below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>{0, n - 1}(random); };
    for (int round = 0; round < 200; ++round) {
        confirm_window w{1 + random_below(20)};
        std::set<std::int64_t> unsettled;
        std::int64_t last = 0;
        std::uint64_t tags = 0;
        const auto settle = [&](const seqs& settled) {
            for (const auto seq : settled)
                REQUIRE(unsettled.erase(seq) == 1);
        };
        for (int step = 0; step < 300; ++step) {
            switch (random_below(7)) {
            case 0:
                w.add(events_with_seqs({++last}));
                unsettled.insert(last);
                break;
            case 1: w.release(); break;
            case 2:
                if (random_below(10) == 0) {
                    w.note_connection_lost();
                    tags = 0;
                }
                break;
            case 3: (void)w.note_refused(random_below(tags + 2), random_below(4) == 0); break;
            case 4:
            case 5: {
                confirm_window::outcome settlement;
                w.note_confirmed(random_below(tags + 2), random_below(3) == 0, settlement);
                settle(seqs_of(settlement.settled));
                break;
            }
            default: tags += send_all(w).size();
            }
            REQUIRE(w.size() == unsettled.size());
        }
        while (!unsettled.empty()) {
            w.note_connection_lost();
            (void)send_all(w);
            settle(confirm(w, 0, true));
        }
    }
}
