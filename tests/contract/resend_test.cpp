#include "node.hpp"

#include <support/catch.hpp>
#include <support/rabbitmq_broker.hpp>
#include <support/tcp_gate.hpp>

#include <algorithm>
#include <filesystem>

using namespace atrium;
using namespace atrium::contract;
using support::shared_broker;

// Tests of the operation resend, by which a publisher sends events to one subscription at the broker again.

namespace {

/// A publisher and two readers, each with a database, and one broker between them.
struct resend_fixture {
    std::string vhost = shared_broker().new_vhost();
    temporary_directory publisher_folder;
    temporary_directory reader_folder;
    temporary_directory other_folder;

    [[nodiscard]] std::unique_ptr<node> start_publisher(const events::rabbitmq::settings& s) const {
        auto n = std::make_unique<node>(publisher_folder.path(), node::quick_settings(), rabbitmq_in(vhost, s));
        n->bus().declare({.name = "probe.reader", .topics = {"probe.#"}});
        n->bus().declare({.name = "probe.other", .topics = {"probe.#"}});
        n->start();
        eventually([&] { return n->bus().broker()->connected_since.has_value(); });
        return n;
    }
    [[nodiscard]] std::unique_ptr<node> start_reader(const std::filesystem::path& folder, const std::string& name) const {
        auto n = std::make_unique<node>(folder, node::quick_settings(), rabbitmq_in(vhost));
        n->note_all(name, {"probe.#"});
        n->start();
        return n;
    }
};

/// Publishes an event for each number from `first` to `last`, each with a key of its own, and waits until the broker has
/// confirmed all events.
void publish_apart(node& n, std::int64_t first, std::int64_t last) {
    for (const auto number : range(first, last))
        n.publish("probe.created", "k/" + std::to_string(number), {number});
    eventually([&] { return n.count_pending() == 0; });
}

bool has_numbers(const node& n, const std::string& subscription, std::int64_t first, std::int64_t last) {
    auto all = n.numbers(subscription);
    std::ranges::sort(all);
    return all == range(first, last);
}

events::bulk_operation await_end(node& n, events::operation_id id) {
    eventually([&] { return run(n.operations().find_operation(id)).value().state == events::bulk_state::done; });
    return run(n.operations().find_operation(id)).value();
}

events::event_range make_range(std::string subscription, std::int64_t first, std::int64_t last) {
    return {.subscription = std::move(subscription), .first = events::event_seq{first}, .last = events::event_seq{last}};
}

} // namespace

TEST_CASE("events that are sent again reach one subscription, which ignores those that it has received before", "[broker]") {
    const resend_fixture fixture;
    const temporary_directory empty_folder; // declared before the nodes, which must be closed before their folders are removed
    auto publisher = fixture.start_publisher({.url = {}, .bridges = {}});
    auto reader = fixture.start_reader(fixture.reader_folder.path(), "probe.reader");
    const auto other = fixture.start_reader(fixture.other_folder.path(), "probe.other");
    publish_apart(*publisher, 1, 500);
    eventually([&] { return has_numbers(*reader, "probe.reader", 1, 500) && has_numbers(*other, "probe.other", 1, 500); });
    const auto received_by_other = other->metric("atrium_rabbitmq_intake_total");

    reader.reset();
    reader = fixture.start_reader(empty_folder.path(), "probe.reader"); // its database is lost
    const auto lost = make_range("probe.reader", 201, 500);
    CHECK(run(publisher->operations().count_resend(lost)).value() == 300);
    const auto started = run(publisher->operations().resend(lost, {.reason = "lost"})).value();
    const auto done = await_end(*publisher, started.id);
    CHECK(done.matched == 300);
    CHECK(done.done == 300);
    eventually([&] { return has_numbers(*reader, "probe.reader", 201, 500); });

    const auto again = run(publisher->operations().resend(make_range("probe.reader", 101, 500), {})).value();
    CHECK(await_end(*publisher, again.id).done == 400);
    eventually([&] { return reader->metric("atrium_rabbitmq_intake_total") >= 700; });
    CHECK(has_numbers(*reader, "probe.reader", 101, 500));
    CHECK(has_numbers(*other, "probe.other", 1, 500));
    CHECK(other->metric("atrium_rabbitmq_intake_total") == received_by_other);
    CHECK(reader->dead_letters().empty());
    CHECK(run(publisher->operations().resend(make_range("probe.unknown", 1, 5), {})).error().code == errc::not_found);
    CHECK(run(publisher->operations().resend(make_range("events.relay", 1, 5), {})).error().code == errc::invalid);
}

TEST_CASE("a resend waits for a broker that cannot be reached, even across a restart", "[broker]") {
    const resend_fixture fixture;
    support::tcp_gate gate{shared_broker().port()};
    const events::rabbitmq::settings through{.url = shared_broker().url_through(gate.port(), fixture.vhost), .bridges = {}};
    auto publisher = fixture.start_publisher(through);
    publish_apart(*publisher, 1, 300);
    gate.cut();
    const auto started = run(publisher->operations().resend(make_range("probe.reader", 1, 300), {})).value();
    CHECK(started.state == events::bulk_state::running);
    CHECK(started.done == 0);
    publisher.reset();
    gate.open();
    publisher = fixture.start_publisher(through);
    CHECK(await_end(*publisher, started.id).done == 300);
    const auto reader = fixture.start_reader(fixture.reader_folder.path(), "probe.reader");
    eventually([&] { return has_numbers(*reader, "probe.reader", 1, 300); });
}

TEST_CASE("events cannot be sent again without a broker") {
    temporary_directory folder;
    node n{folder.path(), node::quick_settings(), in_process};
    n.note_all("probe.reader", {"probe.#"});
    n.start();
    n.publish("probe.created", "k", {1});
    const auto refused = run(n.operations().resend(make_range("probe.reader", 1, 1), {}));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::conflict);
    CHECK_THAT(refused.error().detail, Catch::Matchers::ContainsSubstring("uses no broker"));
}

TEST_CASE("the journey of an event shows whether it is at the broker", "[broker]") {
    const resend_fixture fixture;
    auto publisher = fixture.start_publisher({.url = {}, .bridges = {}});
    publish_apart(*publisher, 1, 1);
    const auto state_of = [](node& n, std::int64_t seq, std::string_view subscription) {
        const auto journey = run(n.operations().find_event({seq})).value();
        const auto found = std::ranges::find(journey.deliveries, subscription, &events::delivery_journey::subscription);
        REQUIRE(found != journey.deliveries.end());
        return found->state;
    };
    CHECK(state_of(*publisher, 1, "events.relay") == events::delivery_state::handled);
    CHECK(state_of(*publisher, 1, "probe.reader") == events::delivery_state::at_broker);
    publisher.reset();
    node n{fixture.publisher_folder.path(), node::quick_settings(), rabbitmq_in(fixture.vhost)};
    n.note_all("probe.reader", {"probe.#"});
    n.bus().declare({.name = "probe.other", .topics = {"probe.#"}});
    n.start();
    eventually([&] { return state_of(n, 1, "probe.reader") == events::delivery_state::handled; });
    CHECK(state_of(n, 1, "probe.other") == events::delivery_state::at_broker);
}
