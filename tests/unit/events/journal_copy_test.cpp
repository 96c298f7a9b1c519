#include "node.hpp"

#include <events/journal_copy.hpp>
#include <support/catch.hpp>

#include <set>
#include <string>
#include <vector>

using namespace atrium;
using namespace atrium::contract;

namespace {

struct identity {
    std::string receiver;
    std::string publisher;
    std::string former_publisher;
};

identity identity_of(const node& n) {
    return run(n.journal().read([](storage::snapshot& s) -> result<identity> {
               auto row = s.query("SELECT receiver, publisher, coalesce(former_publisher, '') FROM events_identity");
               REQUIRE(row.next());
               return identity{std::string{row.text(0)}, std::string{row.text(1)}, std::string{row.text(2)}};
           }))
        .value();
}

/// Changes the database in the folder as `atrium backup` changes the copy that it makes. Then starts a node with this database,
/// and returns the node's ids.
identity start_as_backup(const std::filesystem::path& folder) {
    node n{folder};
    REQUIRE(run(n.journal().write([](storage::transaction& t) -> result<> {
        t.execute(events::journal_change_of_copy().statement);
        return {};
    })));
    n.start();
    return identity_of(n);
}

} // namespace

TEST_CASE("each restored backup gets a publisher id of its own, and keeps it when it is started again") {
    const temporary_directory folder;
    identity original;
    {
        node n{folder.path()};
        n.start();
        original = identity_of(n);
    }
    const temporary_directory copies[2];
    std::set<std::string> publishers{original.publisher};
    for (const auto& copy : copies) {
        std::filesystem::copy(folder.path(), copy.path(), std::filesystem::copy_options::recursive);
        const auto restored = start_as_backup(copy.path());
        CHECK(restored.receiver == original.receiver);
        CHECK(restored.former_publisher == original.publisher);
        CHECK(publishers.insert(restored.publisher).second);
        node again{copy.path()};
        again.start();
        CHECK(identity_of(again).publisher == restored.publisher);
        CHECK(identity_of(again).former_publisher == original.publisher);
    }
    CHECK(publishers.size() == 3);
    CHECK_FALSE(publishers.contains(""));
}

TEST_CASE("a backup of a restored database records the publisher id of that database as its former publisher id") {
    const temporary_directory folder;
    {
        node n{folder.path()};
        n.start();
    }
    const auto first = start_as_backup(folder.path());
    const auto second = start_as_backup(folder.path());
    CHECK(second.former_publisher == first.publisher);
}
