#include "node.hpp"

#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::contract;

// Tests of promise 2 in docs/events.md over time: subscriptions are added, removed, changed and renamed.

TEST_CASE("a new subscription begins with the next event, or with the oldest one if it starts from `earliest`", "[contract]") {
    temporary_directory folder;
    {
        node earlier{folder.path()};
        earlier.start();
        earlier.publish("probe.created", "k", range(1, 5));
    }
    node n{folder.path()};
    n.note_all("probe.late", {"#"});
    n.note_all("probe.curious", {"#"}, events::start_from::earliest);
    n.start();
    n.publish("probe.created", "k", range(6, 8));
    n.settle();
    CHECK(n.numbers("probe.late") == range(6, 8));
    CHECK(n.numbers("probe.curious") == range(1, 8));
}

TEST_CASE("`earliest` has an effect only when the subscription is first recorded", "[contract]") {
    temporary_directory folder;
    for (int start = 0; start < 3; ++start) {
        node n{folder.path()};
        n.note_all("probe.curious", {"#"}, events::start_from::earliest);
        n.start();
        n.publish("probe.created", "k", {start});
        n.settle();
        CHECK(n.numbers("probe.curious") == range(0, start));
    }
}

TEST_CASE("a subscription accumulates events while its module is not running", "[contract]") {
    temporary_directory folder;
    {
        node earlier{folder.path()};
        earlier.bus().declare({.name = "probe.absent", .topics = {"probe.#"}});
        earlier.start();
        earlier.publish("probe.created", "k", range(1, 3));
        CHECK(earlier.notes().empty());
    }
    node n{folder.path()};
    n.note_all("probe.absent", {"probe.#"});
    n.start();
    n.settle();
    CHECK(n.numbers("probe.absent") == range(1, 3));
}

TEST_CASE("a subscription that no module claims any more keeps accumulating events", "[contract]") {
    temporary_directory folder;
    {
        node earlier{folder.path()};
        earlier.note_all("probe.orphan", {"#"});
        earlier.start();
        earlier.publish("probe.created", "k", {1});
        earlier.settle();
    }
    {
        node other{folder.path()};
        other.start();
        other.publish("probe.created", "k", {2});
    }
    node n{folder.path()};
    n.note_all("probe.orphan", {"#"});
    n.start();
    n.settle();
    CHECK(n.numbers("probe.orphan") == range(1, 2));
}

TEST_CASE("a renamed subscription keeps its pending events", "[contract]") {
    temporary_directory folder;
    {
        node earlier{folder.path()};
        earlier.bus().declare({.name = "probe.old", .topics = {"#"}});
        earlier.start();
        earlier.publish("probe.created", "k", range(1, 3));
    }
    node n{folder.path()};
    n.bus().subscribe({.name = "probe.new", .topics = {"#"}, .was = "probe.old"},
                      [&](storage::transaction& t, const events::event& e) -> result<> {
                          n.write_note(t, "probe.new", e);
                          return {};
                      });
    n.start();
    n.publish("probe.created", "k", {4});
    n.settle();
    CHECK(n.numbers("probe.new") == range(1, 4));
}

TEST_CASE("changed topics of a subscription take effect with the next start", "[contract]") {
    temporary_directory folder;
    {
        node earlier{folder.path()};
        earlier.note_all("probe.shifting", {"probe.created"});
        earlier.start();
        earlier.publish("probe.created", "k", {1});
        earlier.publish("probe.lost", "k", {2});
        earlier.settle();
    }
    node n{folder.path()};
    n.note_all("probe.shifting", {"probe.lost"});
    n.start();
    n.publish("probe.created", "k", {3});
    n.publish("probe.lost", "k", {4});
    n.settle();
    CHECK(n.numbers("probe.shifting") == std::vector<std::int64_t>{1, 4});
}

TEST_CASE("a subscription needs a unique name of the form MODULE.PURPOSE, topics, and a bus that has not started",
          "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    n.note_all("probe.taken", {"#"});
    CHECK_THROWS_AS(n.note_all("probe.taken", {"#"}), std::logic_error);
    CHECK_THROWS_AS(n.note_all("nameless", {"#"}), std::logic_error);
    CHECK_THROWS_AS(n.note_all("probe.deaf", {}), std::logic_error);
    n.start();
    CHECK_THROWS_AS(n.note_all("probe.late", {"#"}), std::logic_error);
}

TEST_CASE("a handler can access only the tables of its own module", "[contract]") {
    temporary_directory folder;
    auto strict = node::quick_settings();
    strict.retry.attempts = 1;
    node n{folder.path(), strict};
    n.bus().subscribe({.name = "stranger.spy", .topics = {"#"}},
                      [&](storage::transaction& t, const events::event& e) -> result<> {
                          n.write_note(t, "stranger.spy", e);
                          return {};
                      });
    n.start();
    n.publish("probe.created", "k", {1});
    n.settle();
    CHECK(n.notes().empty());
    CHECK(n.dead_letters().size() == 1);
}
