#include "node.hpp"

#include <events/journal_copy.hpp>
#include <support/catch.hpp>
#include <support/rabbitmq_broker.hpp>
#include <support/tcp_gate.hpp>

#include <algorithm>
#include <filesystem>
#include <random>

using namespace atrium;
using namespace atrium::contract;
using namespace std::chrono_literals;
using support::shared_broker;

// Tests of events that the broker drops after it has confirmed them: the receiver detects a gap in their delivery
// numbers, and the publisher sends the missing events again.

namespace {

const std::string queue = "atrium.events.probe.reader";

/// Two processes, each with a database, and one broker between them.
struct split_fixture {
    std::string vhost = shared_broker().new_vhost();
    temporary_directory publisher_folder;
    temporary_directory reader_folder;
    events::settings publisher_settings = node::quick_settings();
    wrong_clock publisher_time{0ms};

    [[nodiscard]] std::unique_ptr<node> start_publisher(const std::filesystem::path& folder) const {
        auto n = std::make_unique<node>(folder, publisher_settings, rabbitmq_in(vhost), publisher_time);
        n->bus().declare({.name = "probe.reader", .topics = {"probe.#"}});
        n->start();
        eventually([&] { return n->bus().broker()->connected_since.has_value(); });
        return n;
    }
    [[nodiscard]] std::unique_ptr<node> start_publisher() const { return start_publisher(publisher_folder.path()); }
    [[nodiscard]] std::unique_ptr<node> start_reader(const std::filesystem::path& folder) const {
        auto n = std::make_unique<node>(folder, node::quick_settings(), rabbitmq_in(vhost));
        n->note_all("probe.reader", {"probe.#"});
        n->start();
        return n;
    }
    [[nodiscard]] std::unique_ptr<node> start_reader() const { return start_reader(reader_folder.path()); }

    [[nodiscard]] std::int64_t messages() const {
        const auto found = shared_broker().queue(queue, vhost);
        return found ? found->messages() : 0;
    }
    void set_policy(const std::string& definition) const {
        shared_broker().control({"set_policy", "-p", vhost, "lossy", ".*", definition, "--apply-to", "queues"});
    }
};

/// Publishes an event for each number from `first` to `last`, each with a key of its own.
void publish_apart(node& n, std::int64_t first, std::int64_t last) {
    for (const auto number : range(first, last))
        n.publish("probe.created", "k/" + std::to_string(number), {number});
}

/// Waits until the broker has confirmed all events of this publisher.
void settle_publisher(node& n) {
    eventually([&] { return n.count_pending() == 0; });
}

std::vector<std::int64_t> sorted_numbers(const node& n) {
    auto all = n.numbers("probe.reader");
    std::ranges::sort(all);
    return all;
}

void expect_numbers(const node& n, const std::vector<std::int64_t>& expected) {
    eventually([&] { return sorted_numbers(n) == expected; });
}

/// Whether no event is missing, according to the reports that the node has received so far.
bool has_no_gap(node& n) {
    return run(n.bus().inspect()).value().gaps.empty();
}

/// The id by which receivers know the database of this node.
std::string publisher_id(const node& n) {
    return run(n.journal().read([](storage::snapshot& s) -> result<std::string> {
               auto row = s.query("SELECT publisher FROM events_identity");
               return row.next() ? std::string{row.text(0)} : std::string{};
           }))
        .value();
}

/// Changes the database of a stopped node in the same way as `atrium backup` changes its copy.
void make_backup(const std::filesystem::path& folder) {
    const node stopped{folder};
    REQUIRE(run(stopped.journal().write([](storage::transaction& t) -> result<> {
        t.execute(events::journal_change_of_copy().statement);
        return {};
    })));
}

double count_missing(node& n) {
    return n.metric("atrium_events_missing_total");
}

/// The next number that the reader expects, according to the publisher's last report.
std::int64_t next_expected(const node& n) {
    return run(n.journal().read([](storage::snapshot& s) -> result<std::int64_t> {
               return s.query_integer("SELECT max(next) FROM events_received_number WHERE since IS NOT NULL").value_or(0);
           }))
        .value();
}

} // namespace

TEST_CASE("events that the broker drops while their consumer is stopped are detected and sent again, even if no event follows",
          "[broker]") {
    const auto cause = GENERATE("purge", "deletion", "time to live", "length limit");
    CAPTURE(cause);
    const split_fixture fixture;
    auto publisher = fixture.start_publisher();
    auto reader = fixture.start_reader();
    publish_apart(*publisher, 1, 5);
    expect_numbers(*reader, range(1, 5));
    reader.reset();

    const std::string_view loss{cause};
    if (loss == "time to live")
        fixture.set_policy(R"({"message-ttl":1})");
    if (loss == "length limit")
        fixture.set_policy(R"({"max-length":3})");
    publish_apart(*publisher, 6, 45);
    settle_publisher(*publisher);
    if (loss == "purge")
        shared_broker().control({"purge_queue", "-p", fixture.vhost, queue});
    if (loss == "deletion")
        shared_broker().control({"delete_queue", "-p", fixture.vhost, queue});
    eventually([&] { return fixture.messages() <= (loss == "length limit" ? 3 : 0); });
    if (loss == "time to live" || loss == "length limit")
        shared_broker().control({"clear_policy", "-p", fixture.vhost, "lossy"});

    reader = fixture.start_reader();
    expect_numbers(*reader, range(1, 45));
    eventually([&] { return has_no_gap(*reader); });
    CHECK(count_missing(*reader) >= 37);
    eventually([&] { return reader->metric("atrium_events_recovered_total") == count_missing(*reader); });
    CHECK(reader->metric("atrium_events_lost_total") == 0);
    CHECK(reader->dead_letters().empty());
}

TEST_CASE("events that the broker drops before their consumer has ever run are sent to it again", "[broker]") {
    const split_fixture fixture;
    const auto publisher = fixture.start_publisher();
    publish_apart(*publisher, 1, 40);
    settle_publisher(*publisher);
    shared_broker().control({"purge_queue", "-p", fixture.vhost, queue});
    const auto reader = fixture.start_reader();
    expect_numbers(*reader, range(1, 40));
    eventually([&] { return has_no_gap(*reader); });
}

TEST_CASE("many missing events are sent again in several steps, and the gap is reported until all have arrived", "[broker]") {
    const split_fixture fixture;
    const auto publisher = fixture.start_publisher();
    auto reader = fixture.start_reader();
    publish_apart(*publisher, 1, 5);
    expect_numbers(*reader, range(1, 5));
    reader.reset();
    publish_apart(*publisher, 6, 1'005);
    settle_publisher(*publisher);
    shared_broker().control({"purge_queue", "-p", fixture.vhost, queue});

    reader = fixture.start_reader();
    std::string message;
    eventually([&] {
        const auto gaps = run(reader->bus().inspect()).value().gaps;
        message = gaps.empty() ? message : gaps[0];
        return sorted_numbers(*reader) == range(1, 1'005);
    });
    CHECK_THAT(message, Catch::Matchers::StartsWith("the broker has dropped ") &&
                            Catch::Matchers::ContainsSubstring(" events for probe.reader"));
    eventually([&] { return has_no_gap(*reader); });
    CHECK(count_missing(*reader) == 1'000);
}

TEST_CASE("dropped events that are no longer in the publisher's journal become one dead letter with their numbers",
          "[broker]") {
    split_fixture fixture;
    fixture.publisher_settings.retention = {.age = std::chrono::hours{1000}, .count = 0, .every = std::chrono::milliseconds{5}};
    const auto publisher = fixture.start_publisher();
    auto reader = fixture.start_reader();
    publish_apart(*publisher, 1, 1);
    expect_numbers(*reader, range(1, 1));
    reader.reset();
    publish_apart(*publisher, 2, 40);
    settle_publisher(*publisher);
    eventually([&] { return publisher->count_events() == 1; });
    shared_broker().control({"purge_queue", "-p", fixture.vhost, queue});

    reader = fixture.start_reader();
    eventually([&] { return reader->metric("atrium_events_lost_total") == 38; });
    expect_numbers(*reader, {1, 40}); // a publisher keeps the last event of its event log
    eventually([&] { return has_no_gap(*reader); });
    const auto letters = reader->dead_letters();
    REQUIRE(letters.size() == 1);
    CHECK(letters[0].subscription == "probe.reader");
    CHECK(letters[0].event.topic == "events.lost_at_broker");
    CHECK_THAT(letters[0].event.data, Catch::Matchers::ContainsSubstring(R"("first":2,"last":39)"));
    CHECK(reader->retry(letters[0]).skipped == 1);
    CHECK(reader->discard(letters[0]).done == 1);
}

TEST_CASE("after a receiver is restored from an older copy, the events that the copy lacks are sent to it again", "[broker]") {
    const split_fixture fixture;
    const temporary_directory copy;
    const auto publisher = fixture.start_publisher();
    auto reader = fixture.start_reader();
    publish_apart(*publisher, 1, 20);
    expect_numbers(*reader, range(1, 20));
    eventually([&] { return next_expected(*reader) == 21; });
    reader.reset();
    std::filesystem::copy(fixture.reader_folder.path(), copy.path(), std::filesystem::copy_options::recursive);
    reader = fixture.start_reader();
    publish_apart(*publisher, 21, 40);
    expect_numbers(*reader, range(1, 40));
    eventually([&] { return fixture.messages() == 0; });
    reader.reset();

    reader = fixture.start_reader(copy.path());
    expect_numbers(*reader, range(1, 40));
}

TEST_CASE("after a publisher is restored from an older copy, no event is wrongly reported missing, and losses are detected",
          "[broker]") {
    const split_fixture fixture;
    const temporary_directory copy;
    auto publisher = fixture.start_publisher();
    auto reader = fixture.start_reader();
    publish_apart(*publisher, 1, 10);
    expect_numbers(*reader, range(1, 10));
    settle_publisher(*publisher);
    publisher.reset();
    std::filesystem::copy(fixture.publisher_folder.path(), copy.path(), std::filesystem::copy_options::recursive);
    publisher = fixture.start_publisher();
    publish_apart(*publisher, 11, 40);
    expect_numbers(*reader, range(1, 40));
    settle_publisher(*publisher);
    publisher.reset();
    reader.reset();

    publisher = fixture.start_publisher(copy.path());
    reader = fixture.start_reader();
    publish_apart(*publisher, 41, 50); // the reader has already received other events with the same delivery numbers
    expect_numbers(*reader, range(1, 50));
    eventually([&] { // until the publisher has detected that it was restored, and has a new id
        return run(publisher->journal().read([](storage::snapshot& s) -> result<std::int64_t> {
                   return s.query_integer("SELECT count(*) FROM events_identity WHERE former_publisher IS NOT NULL").value();
               })).value() == 1;
    });
    publish_apart(*publisher, 51, 60);
    expect_numbers(*reader, range(1, 60));
    eventually([&] { return next_expected(*reader) >= 11; });
    CHECK(count_missing(*reader) == 0);
    CHECK(reader->dead_letters().empty());

    reader.reset();
    publish_apart(*publisher, 61, 80);
    settle_publisher(*publisher);
    shared_broker().control({"purge_queue", "-p", fixture.vhost, queue});
    reader = fixture.start_reader();
    expect_numbers(*reader, range(1, 80));
}

TEST_CASE("a publisher that is restored from a backup has a new id from its start, before any receiver sends an inquiry",
          "[broker]") {
    const split_fixture fixture;
    const temporary_directory copy;
    auto publisher = fixture.start_publisher();
    auto reader = fixture.start_reader();
    publish_apart(*publisher, 1, 10);
    expect_numbers(*reader, range(1, 10));
    settle_publisher(*publisher);
    const auto original = publisher_id(*publisher);
    publisher.reset();
    std::filesystem::copy(fixture.publisher_folder.path(), copy.path(), std::filesystem::copy_options::recursive);
    publisher = fixture.start_publisher();
    publish_apart(*publisher, 11, 40);
    expect_numbers(*reader, range(1, 40));
    settle_publisher(*publisher);
    publisher.reset();
    reader.reset();

    make_backup(copy.path());
    publisher = fixture.start_publisher(copy.path());
    const auto renewed = publisher_id(*publisher);
    CHECK(renewed != original);
    CHECK_FALSE(renewed.empty());
    publish_apart(*publisher, 41, 90); // more events than the reader has received under the original id
    reader = fixture.start_reader();
    expect_numbers(*reader, range(1, 90));
    CHECK(publisher_id(*publisher) == renewed);
    eventually([&] { return next_expected(*reader) == 51; });
    CHECK(count_missing(*reader) == 0);
    CHECK(reader->dead_letters().empty());
}

TEST_CASE("another database that takes over a subscription begins with the next event, and none is reported missing",
          "[broker]") {
    const split_fixture fixture;
    const auto publisher = fixture.start_publisher();
    auto reader = fixture.start_reader();
    publish_apart(*publisher, 1, 20);
    expect_numbers(*reader, range(1, 20));
    eventually([&] { return next_expected(*reader) == 21; });
    reader.reset();

    const temporary_directory second;
    const auto successor = fixture.start_reader(second.path());
    publish_apart(*publisher, 21, 30);
    expect_numbers(*successor, range(21, 30));
    eventually([&] { return next_expected(*successor) >= 21; });
    CHECK(count_missing(*successor) == 0);
    CHECK(has_no_gap(*successor));
}

TEST_CASE("the events of a subscription that is added later are numbered from 1, and none is reported missing", "[broker]") {
    const split_fixture fixture;
    const auto publish = [&](bool knows_reader, std::int64_t first, std::int64_t last) {
        node n{fixture.publisher_folder.path(), node::quick_settings(), rabbitmq_in(fixture.vhost)};
        n.bus().declare({.name = "probe.earlier", .topics = {"#"}});
        if (knows_reader)
            n.bus().declare({.name = "probe.reader", .topics = {"probe.#"}});
        n.start();
        publish_apart(n, first, last);
        settle_publisher(n);
    };
    publish(/*knows_reader=*/false, 1, 20);
    publish(/*knows_reader=*/true, 21, 30);
    const auto reader = fixture.start_reader();
    const auto publisher = fixture.start_publisher(); // only a running publisher can answer the inquiries of the reader
    expect_numbers(*reader, range(21, 30));
    eventually([&] { return next_expected(*reader) == 11; });
    CHECK(count_missing(*reader) == 0);
}

TEST_CASE("scheduled events are not wrongly reported missing before or after they are due, and are sent again if dropped",
          "[broker]") {
    split_fixture fixture;
    const auto schedule = [&](node& n, std::int64_t first, std::int64_t last) {
        for (const auto number : range(first, last))
            n.schedule(fixture.publisher_time.now() + 1h, "probe.created", "late/" + std::to_string(number), {number});
    };
    const auto become_due = [&](node& n) {
        fixture.publisher_time.offset = fixture.publisher_time.offset.load() + 1h;
        eventually([&] { return n.count_scheduled() == 0; });
        settle_publisher(n);
    };
    const auto publisher = fixture.start_publisher();
    auto reader = fixture.start_reader();
    schedule(*publisher, 1, 5);
    publish_apart(*publisher, 6, 20);
    expect_numbers(*reader, range(6, 20));
    settle_publisher(*publisher);
    reader.reset();
    reader = fixture.start_reader(); // a new process sends an inquiry
    eventually([&] { return next_expected(*reader) == 16; });
    CHECK(has_no_gap(*reader));

    become_due(*publisher);
    publish_apart(*publisher, 21, 25);
    expect_numbers(*reader, range(1, 25));
    settle_publisher(*publisher);
    reader.reset();
    reader = fixture.start_reader();
    eventually([&] { return next_expected(*reader) == 26; });
    CHECK(has_no_gap(*reader));
    CHECK(count_missing(*reader) == 0);
    reader.reset();

    schedule(*publisher, 26, 30);
    publish_apart(*publisher, 31, 40);
    become_due(*publisher);
    shared_broker().control({"purge_queue", "-p", fixture.vhost, queue});
    eventually([&] { return fixture.messages() == 0; });
    reader = fixture.start_reader();
    expect_numbers(*reader, range(1, 40));
    eventually([&] { return has_no_gap(*reader); });
    CHECK(count_missing(*reader) == 15);
    CHECK(reader->dead_letters().empty());
}

TEST_CASE("with several publishers, busy keys and broken connections, no event is wrongly reported missing", "[broker]") {
    const split_fixture fixture;
    support::tcp_gate gate{shared_broker().port()};
    const auto broken =
        rabbitmq_in(fixture.vhost, {.url = shared_broker().url_through(gate.port(), fixture.vhost), .bridges = {}});
    temporary_directory folders[2];
    std::vector<std::unique_ptr<node>> publishers;
    for (const auto& folder : folders) {
        auto& n = publishers.emplace_back(std::make_unique<node>(folder.path(), node::quick_settings(), broken));
        n->bus().declare({.name = "probe.reader", .topics = {"probe.#"}});
        n->start();
    }
    node reader{fixture.reader_folder.path(), node::quick_settings(), broken};
    reader.note_all("probe.reader", {"probe.#"});
    reader.start();

    std::mt19937 dice{20261128};
    std::int64_t published = 0;
    for (int round = 0; round < 60; ++round) {
        auto& n = *publishers[dice() % 2];
        const auto count = static_cast<std::int64_t>(1 + dice() % 40);
        n.publish("probe.created", dice() % 3 == 0 ? "busy" : "k/" + std::to_string(dice() % 50),
                  range(published + 1, published + count), static_cast<int>(dice() % 10));
        published += count;
        if (round % 12 == 11) {
            gate.cut();
            gate.open();
        }
    }
    eventually([&] { return static_cast<std::int64_t>(reader.numbers("probe.reader").size()) >= published; }, 120s);
    expect_numbers(reader, range(1, published));
    eventually([&] { // each publisher has reported that all its events were confirmed
        return run(reader.journal().read([](storage::snapshot& s) -> result<std::int64_t> {
                   return s.query_integer("SELECT sum(next - 1) FROM events_received_number WHERE since IS NOT NULL")
                       .value_or(0);
               })).value() == published;
    });
    CHECK(count_missing(reader) == 0);
    CHECK(has_no_gap(reader));
}
