#pragma once

#include <base/ids.hpp>
#include <base/json_writer.hpp>
#include <module_support/module_process.hpp>
#include <storage/sql.hpp>
#include <support/catch.hpp>

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

/// A table of its own for what host does with any table.
namespace atrium::pears {

using pear_id = id<struct pear_tag>;

struct pear {
    pear_id id;
    std::string_view name;
};

inline pear pear_of(const storage::cursor& row) {
    return {.id = {row.integer(0)}, .name = row.text(1)};
}

inline void write_json(json_writer& out, const pear& p) {
    out.begin_object().key("id").value(p.id.value).key("name").value(p.name).end_object();
}

inline constexpr std::array migrations{storage::migration{
    1, "0001_pears", "CREATE TABLE pears_pear (id INTEGER PRIMARY KEY, name TEXT NOT NULL COLLATE NOCASE);"}};

/// A database with this table.
struct orchard : support::module_process {
    orchard() : module_process{{{.name = "pears", .migrations = migrations, .subscriptions = {}}}} {}
    ~orchard() { stop(); }

    /// Its id is one more than that of the pear before.
    void plant(std::string_view name) {
        const auto insert = [&](storage::transaction& t) -> result<> {
            t.execute("INSERT INTO pears_pear (name) VALUES (?1)", name);
            return {};
        };
        REQUIRE(support::run(store("pears").write(insert)));
    }

    /// What `read`, which takes a snapshot and returns a result, makes of the table.
    template <class F>
    auto read(F read) {
        return support::run(store("pears").read(std::move(read))).value();
    }
};

} // namespace atrium::pears
