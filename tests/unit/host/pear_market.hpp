#pragma once

#include "pears.hpp"

#include <host/connection.hpp>
#include <host/node.hpp>

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace atrium::pears {

/// A pear that outlives the statement that read it.
struct kept_pear {
    pear_id id;
    std::string name;
};

/// What of an orchard GraphQL shows: its pears, in pages, and each by its one id among all.
class stall {
public:
    explicit stall(storage::store store) : store_{std::move(store)} {}

    void add_routes(http::router&) {}
    void add_handlers(events::bus&) {}

    void add_types(graphql::schema_builder& to) {
        auto type = to.object<kept_pear>("Pear").implements("Node");
        type.key(&kept_pear::id, [this](std::span<const pear_id> ids) -> awaitable<result<graphql::column<kept_pear>>> {
            co_return co_await store_.read([&](storage::snapshot& s) -> result<graphql::column<kept_pear>> {
                graphql::column<kept_pear> all;
                for (const auto id : ids) {
                    auto found = select(s, {.after = id.value - 1, .before = id.value + 1});
                    all.add(found.empty() ? std::nullopt : std::optional{std::move(found.front())});
                }
                return all;
            });
        });
        type.field("nodeId: ID!", [](const kept_pear& p) { return host::node_id("Pear", p.id); });
        type.field("name: String!", &kept_pear::name);
        host::add_connection<kept_pear>(to, "Pear");
        to.query()
            .field("pears(" + std::string{host::slice_arguments} + "): PearConnection!",
                   [this](const graphql::arguments& a, graphql::context&) -> awaitable<result<host::connection<kept_pear>>> {
                       const auto wanted = host::read_slice(a);
                       if (!wanted)
                           co_return wanted.error();
                       co_return co_await store_.read([&](storage::snapshot& s) -> result<host::connection<kept_pear>> {
                           return host::connect(*wanted, select(s, wanted->with_one_more()));
                       });
                   })
            .paged("first", "last");
    }

private:
    static std::vector<kept_pear> select(storage::snapshot& s, const host::slice& wanted) {
        const std::string between = "SELECT id, name FROM pears_pear WHERE id > ?1 AND id < ?2 ORDER BY id ";
        std::vector<kept_pear> all;
        for (auto rows =
                 s.query(between + (wanted.from_end ? "DESC" : "ASC") + " LIMIT ?3", wanted.after, wanted.before, wanted.limit);
             rows.next();)
            all.push_back({{rows.integer(0)}, std::string{rows.text(1)}});
        return all;
    }

    storage::store store_;
};

/// An orchard that GraphQL shows.
struct market : orchard {
    market() : shown_{store("pears")} { start(shown_); }
    ~market() { stop(); }

private:
    stall shown_;
};

} // namespace atrium::pears
