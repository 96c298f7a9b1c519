#include "core/number_receiver.hpp"
#include "node.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>
#include <set>

using namespace atrium;
using namespace atrium::contract;
using events::delivery_number;
using events::number_range;
using events::number_receiver;
using events::number_report;

namespace {

/// The number_receiver of one subscription, with a real database.
struct receiver_fixture {
    temporary_directory folder;
    node process{folder.path()};
    events::subscription_id subscription{1};

    receiver_fixture() {
        process.note_all("probe.reader", {"#"});
        process.start();
    }

    /// Runs `use` with a receiver, in a transaction of its own.
    number_receiver::counts use_receiver(const std::function<void(number_receiver&)>& use) {
        return run(process.journal().write([&](storage::transaction& t) -> result<number_receiver::counts> {
                   number_receiver receiver{t, subscription, system_clock{}.now()};
                   use(receiver);
                   receiver.save();
                   return receiver.changes();
               }))
            .value();
    }
    void receive_numbers(std::vector<std::int64_t> numbers, const std::string& publisher = "p") {
        use_receiver([&](number_receiver& r) {
            for (const auto number : numbers)
                (void)r.receive(publisher, {number});
        });
    }
    number_receiver::counts report(std::int64_t first_number, std::int64_t confirmed,
                                   std::vector<number_range> unavailable = {}, const std::string& publisher = "p",
                                   const std::string& former_publisher = {}) {
        const number_report report{.publisher = publisher,
                                   .former_publisher = former_publisher,
                                   .receiver = receiver_id(),
                                   .since = {first_number},
                                   .confirmed = {confirmed},
                                   .unavailable = std::move(unavailable)};
        return use_receiver([&](number_receiver& r) { r.receive_report(report); });
    }
    [[nodiscard]] std::vector<number_range> missing(const std::string& publisher = "p") {
        return run(process.journal().read([&](storage::snapshot& s) -> result<std::vector<number_range>> {
                   std::vector<number_range> found;
                   for (const auto& row : events::table::missing_numbers(
                            s, subscription, publisher, {{1}, {std::numeric_limits<std::int64_t>::max()}}, 10'000))
                       found.push_back(row.range);
                   return found;
               }))
            .value();
    }
    [[nodiscard]] std::int64_t count_events_in_gaps() {
        return run(process.journal().read([](storage::snapshot& s) -> result<std::int64_t> {
                   std::int64_t sum = 0;
                   for (const auto& gap : events::table::gaps(s))
                       sum += gap.events;
                   return sum;
               }))
            .value();
    }
    [[nodiscard]] std::string receiver_id() {
        return run(process.journal().read([](storage::snapshot& s) -> result<std::string> {
                   return events::table::find_identity(s).value().receiver;
               }))
            .value();
    }
};

using ranges = std::vector<number_range>;

} // namespace

TEST_CASE("a skipped number is missing until its event arrives, but counts as a gap only once the publisher reports it as "
          "confirmed") {
    receiver_fixture fixture;
    CHECK(fixture.report(1, 1).noticed == 0);
    fixture.receive_numbers({1, 2, 5, 9});
    CHECK(fixture.missing() == ranges{{{3}, {4}}, {{6}, {8}}});
    CHECK(fixture.report(1, 4).noticed == 1);
    CHECK(fixture.count_events_in_gaps() == 1);
    fixture.receive_numbers({7, 4, 3});
    CHECK(fixture.missing() == ranges{{{6}, {6}}, {{8}, {8}}});
    CHECK(fixture.count_events_in_gaps() == 0);
}

TEST_CASE("if the last events of a publisher do not arrive, they are missing once the publisher reports their numbers") {
    receiver_fixture fixture;
    (void)fixture.report(1, 1);
    const auto found = fixture.report(1, 41);
    CHECK(found.noticed == 40);
    CHECK(fixture.missing() == ranges{{{1}, {40}}});
    CHECK(fixture.report(1, 41).noticed == 0);
    std::vector<std::int64_t> all(40);
    std::iota(all.begin(), all.end(), 1);
    const auto changes = fixture.use_receiver([&](number_receiver& r) {
        for (const auto number : all)
            CHECK_FALSE(r.receive("p", {number}));
    });
    CHECK(changes.recovered == 40);
    CHECK(fixture.missing().empty());
}

TEST_CASE("an event that is sent again counts as noticed and recovered, even if no report has shown that it was missing") {
    receiver_fixture fixture;
    (void)fixture.report(1, 1);
    fixture.receive_numbers({1, 4});
    const auto found = fixture.use_receiver([](number_receiver& r) {
        CHECK_FALSE(r.receive("p", {2}, true));  // the publisher has sent it again
        CHECK_FALSE(r.receive("p", {3}, false)); // this event was only late
        CHECK_FALSE(r.receive("p", {2}, true));
    });
    CHECK(found.noticed == 1);
    CHECK(found.recovered == 1);
    CHECK(fixture.missing().empty());
}

TEST_CASE("a delivery number that arrives again changes nothing") {
    receiver_fixture fixture;
    (void)fixture.report(1, 1);
    fixture.receive_numbers({1, 1, 2, 3, 2, 1, 3});
    CHECK(fixture.missing().empty());
    CHECK(fixture.report(1, 4).noticed == 0);
}

TEST_CASE("which delivery numbers are missing is determined for each publisher separately") {
    receiver_fixture fixture;
    (void)fixture.report(1, 1, {}, "p");
    (void)fixture.report(1, 1, {}, "q");
    fixture.receive_numbers({1, 2, 3}, "p");
    fixture.receive_numbers({2}, "q");
    CHECK(fixture.missing("p").empty());
    CHECK(fixture.missing("q") == ranges{{{1}, {1}}});
}

TEST_CASE("delivery numbers for another database are not missing, even if an event arrives before the first report") {
    receiver_fixture fixture;
    fixture.receive_numbers({30, 32});
    CHECK(fixture.report(25, 30).noticed == 5);
    CHECK(fixture.missing() == ranges{{{25}, {29}}, {{31}, {31}}});
    CHECK(fixture.report(31, 31).noticed == 0); // numbers below 31 were for another database
    CHECK(fixture.missing() == ranges{{{31}, {31}}});
}

TEST_CASE("if an older version has created the subscription, numbers confirmed before the first report are never missing") {
    receiver_fixture fixture;
    (void)run(fixture.process.journal().write([](storage::transaction& t) -> result<> {
        t.execute("UPDATE events_subscription SET numbered = 0");
        return {};
    }));
    fixture.receive_numbers({20});
    CHECK(fixture.report(1, 21).noticed == 0);
    CHECK(fixture.missing().empty());
    CHECK(fixture.report(1, 23).noticed == 2);
}

TEST_CASE("missing numbers that the publisher reports as unavailable are lost") {
    receiver_fixture fixture;
    (void)fixture.report(1, 1);
    fixture.receive_numbers({1, 5});
    const auto found = fixture.report(1, 6, {{{1}, {3}}, {{5}, {9}}});
    CHECK(found.lost == 2);
    CHECK(found.noticed == 1);
    CHECK(fixture.missing() == ranges{{{4}, {4}}});
}

TEST_CASE("when a publisher gets a new id, its missing numbers are lost if they were reported as confirmed, and are otherwise "
          "forgotten") {
    receiver_fixture fixture;
    (void)fixture.report(1, 1);
    fixture.receive_numbers({1, 5});
    CHECK(fixture.report(1, 3).noticed == 1);
    const auto found = fixture.report(1, 1, {}, "q", "p");
    CHECK(found.lost == 1);
    CHECK(fixture.missing().empty());
    CHECK(fixture.report(1, 1, {}, "q", "p").lost == 0);
}

TEST_CASE("a report for another database changes nothing") {
    receiver_fixture fixture;
    const auto found = fixture.use_receiver([&](number_receiver& r) {
        r.receive_report(
            {.publisher = "p", .former_publisher = {}, .receiver = "other", .since = {1}, .confirmed = {9}, .unavailable = {}});
    });
    CHECK(found.noticed == 0);
    CHECK(fixture.missing().empty());
}

TEST_CASE("in whatever order delivery numbers arrive, each number below the highest received one is missing until it arrives") {
    receiver_fixture fixture;
    std::mt19937 random{20261128};
    (void)fixture.report(1, 1);
    std::set<std::int64_t> received;
    std::int64_t highest = 0;
    for (int round = 0; round < 40; ++round) {
        std::vector<std::int64_t> batch;
        for (int i = 0; i < 20; ++i)
            batch.push_back(1 + static_cast<std::int64_t>(random() % static_cast<unsigned>(10 * round + 10)));
        received.insert(batch.begin(), batch.end());
        highest = std::max(highest, *std::ranges::max_element(batch));
        fixture.receive_numbers(batch);
        std::set<std::int64_t> expected;
        for (std::int64_t number = 1; number < highest; ++number)
            if (!received.contains(number))
                expected.insert(number);
        std::set<std::int64_t> found;
        for (const auto& range : fixture.missing())
            for (auto number = range.first.value; number <= range.last.value; ++number)
                REQUIRE(found.insert(number).second);
        REQUIRE(found == expected);
    }
}
