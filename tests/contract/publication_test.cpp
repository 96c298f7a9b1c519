#include "node.hpp"

#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::contract;

// Tests of promise 1 in docs/events.md: an event is published if and only if its transaction is committed.

TEST_CASE("an event is not published if its transaction fails", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    n.note_all("probe.all", {"#"});
    n.start();

    const auto refused = run(n.store().write([&](storage::transaction& t) -> result<> {
        n.bus().publish(t, {.topic = "probe.refused", .key = "k", .data = n.data(1)});
        return error{errc::conflict, "the change is refused"};
    }));
    REQUIRE_FALSE(refused);
    REQUIRE_THROWS(run(n.store().write([&](storage::transaction& t) -> result<> {
        n.bus().publish(t, {.topic = "probe.thrown", .key = "k", .data = n.data(2)});
        throw std::runtime_error{"the change failed"};
    })));
    n.publish("probe.created", "k", {3});

    n.settle();
    CHECK(n.numbers("probe.all") == range(3, 3));
}

TEST_CASE("an event arrives with the attributes that CloudEvents requires, and with its key, priority and trace",
          "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    std::promise<events::event> received;
    n.bus().subscribe({.name = "probe.look", .topics = {"probe.#"}},
                      [&](storage::transaction&, const events::event& e) -> result<> {
                          received.set_value(e);
                          return {};
                      });
    n.start();
    const auto earliest = system_clock{}.now();
    run(n.store().write([&](storage::transaction& t) -> result<> {
        n.bus().publish(t, {.topic = "probe.created", .key = "thing/1", .data = R"({"number":1})", .priority = 7});
        return {};
    }));

    const auto e = received.get_future().get();
    CHECK(is_uuid(e.id));
    CHECK(e.id[14] == '7');
    CHECK(e.source == "/atrium/probe");
    CHECK(e.topic == "probe.created");
    CHECK(e.key == "thing/1");
    CHECK(e.priority == 7);
    CHECK(e.time >= earliest);
    CHECK(e.traceparent.size() == 55);
    CHECK(e.data == R"({"number":1})");
    CHECK(e.seq.value == 1);
}

TEST_CASE("an invalid event is refused before it is written", "[contract]") {
    temporary_directory folder;
    node n{folder.path()};
    n.start();
    const auto invalid = GENERATE(as<events::new_event>{}, //
                                  events::new_event{.topic = "one_word", .key = "k", .data = "{}"},
                                  events::new_event{.topic = "probe..gap", .key = "k", .data = "{}"},
                                  events::new_event{.topic = "probe.*", .key = "k", .data = "{}"},
                                  events::new_event{.topic = "probe.created", .key = "", .data = "{}"},
                                  events::new_event{.topic = "probe.created", .key = "k", .data = "1"},
                                  events::new_event{.topic = "probe.created", .key = "k", .data = "{}", .priority = 10});
    CHECK_THROWS_AS(run(n.store().write([&](storage::transaction& t) -> result<> {
                        n.bus().publish(t, invalid);
                        return {};
                    })),
                    std::logic_error);
}
