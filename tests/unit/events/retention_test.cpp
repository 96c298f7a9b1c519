#include "node.hpp"

#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::contract;

namespace {

/// Keeps nothing longer than it must.
events::settings forgetful() {
    auto s = node::quick();
    s.retention = {.age = std::chrono::hours{1000}, .count = 0, .every = std::chrono::milliseconds{5}};
    return s;
}

/// How many events a subscription finds that wants all that the journal still holds.
std::size_t kept(const std::filesystem::path& folder) {
    node n{folder};
    n.note_all("probe.archaeologist", {"#"}, events::start_from::earliest);
    n.start();
    const auto all = static_cast<std::size_t>(n.logged());
    eventually([&] { return n.numbers("probe.archaeologist").size() == all; });
    return all;
}

} // namespace

TEST_CASE("events beyond the count are removed once every subscription has handled them") {
    temporary_directory folder;
    {
        node n{folder.path(), forgetful()};
        n.note_all("probe.all", {"#"});
        n.start();
        n.publish("probe.made", "k", range(1, 1234));
        n.settle();
        eventually([&] { return n.logged() == 1; }); // the last one tells where the log has got to
    }
    CHECK(kept(folder.path()) == 1);
}

TEST_CASE("events that are pending or dead are kept, whatever their age") {
    temporary_directory folder;
    {
        node n{folder.path(), forgetful()};
        n.bus().declare({.name = "probe.absent", .topics = {"probe.wanted"}});
        n.bus().subscribe({.name = "probe.picky", .topics = {"probe.feared"}},
                          [](storage::transaction&, const events::event&) -> result<> {
                              return error{errc::conflict, "never"};
                          });
        n.start();
        n.publish("probe.made", "k", range(1, 700));
        n.publish("probe.wanted", "k", range(1, 3));
        n.publish("probe.feared", "k", {1});
        n.publish("probe.made", "k", range(1, 700));
        eventually([&] { return n.logged() == 5; }); // and the last one of all
        CHECK(n.pending() == 3);
        CHECK(n.dead_letters().size() == 1);
    }
    CHECK(kept(folder.path()) == 5);
}

TEST_CASE("events within age and count are kept") {
    temporary_directory folder;
    {
        auto keeping = forgetful();
        keeping.retention.count = 10;
        node n{folder.path(), keeping};
        n.start();
        n.publish("probe.made", "k", range(1, 25));
        eventually([&] { return n.logged() == 10; });
    }
    CHECK(kept(folder.path()) == 10);
}

TEST_CASE("ids of what came from a broker are forgotten after their time, however many came") {
    temporary_directory folder;
    node n{folder.path(), node::quick()};
    const auto as_journal = [&](auto&& work) {
        return run(n.store().write([&](storage::transaction& t) -> result<std::int64_t> {
                   const storage::acting_as as{t, "events"};
                   return work(t);
               }))
            .value();
    };
    const auto now = system_clock{}.now();
    as_journal([&](storage::transaction& t) {
        for (int i = 0; i < 3000; ++i)
            t.execute("INSERT INTO events_received (subscription, id, at) VALUES (1, ?1, ?2)", i,
                      i < 2990 ? now - std::chrono::hours{24 * 8} : now);
        return 0;
    });
    n.start();
    eventually([&] {
        return as_journal([](storage::transaction& t) { return *t.query_integer("SELECT count(*) FROM events_received"); }) ==
               10;
    });
}

TEST_CASE("behind many old events that are still needed, the others are removed") {
    temporary_directory folder;
    node n{folder.path(), forgetful()};
    n.bus().declare({.name = "probe.absent", .topics = {"probe.wanted"}});
    n.start();
    constexpr std::int64_t many = 60'000; // more than one sweep looks at
    for (std::int64_t i = 0; i < many; i += 10'000)
        n.publish("probe.wanted", "k", range(1, 10'000));
    n.publish("probe.made", "k", range(1, 700));
    eventually([&] { return n.logged() == many + 1; }); // and the last one of all
}
