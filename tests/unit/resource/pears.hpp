#pragma once

#include <base/ids.hpp>
#include <entity/repository.hpp>
#include <module_support/module_process.hpp>
#include <storage/sql.hpp>
#include <support/catch.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

/// A small entity for tests of the operations that all entities share.
namespace atrium::pears {

using pear_id = id<struct pear_tag>;

struct pear {
    pear_id id = {};
    std::string name = {};
};

inline const auto pear_entity = [] {
    using namespace entity;
    return describe<pear>(
        "Pear", "", table{"pears_pear", "p"}, field{"id", &pear::id, "p.id"}.as(role::identifier).sort(),
        field{"name", &pear::name, "p.name"}.create(required, length(1, 9)).change(length(1, 9)).filter(prefix).sort());
}();

inline constexpr std::array migrations{
    storage::migration{1, "0001_pears",
                       "CREATE TABLE pears_pear (id INTEGER PRIMARY KEY, name TEXT NOT NULL COLLATE NOCASE);"
                       "CREATE INDEX pears_pear_name ON pears_pear (name);"}};

/// A process whose database has the table of pears.
struct pears_fixture : support::module_process {
    pears_fixture() : module_process{{{.name = "pears", .migrations = migrations, .subscriptions = {}}}} {}
    ~pears_fixture() { stop(); }

    /// Inserts a pear. Its id is one higher than that of the last pear.
    void add_pear(std::string_view name) {
        const auto insert = [&](storage::transaction& t) -> result<> {
            t.execute("INSERT INTO pears_pear (name) VALUES (?1)", name);
            return {};
        };
        REQUIRE(support::run(store("pears").write(insert)));
    }
};

} // namespace atrium::pears
