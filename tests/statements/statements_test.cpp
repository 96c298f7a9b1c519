// Every statement that the program prepares must find its rows by an index, so that its cost does not grow with its tables.
// Most statements are string literals and are read from the sources. Those that src/entity builds are recorded while the lists
// of each module are read.
#include "query_plans.hpp"
#include "registry.hpp"
#include "sql_literals.hpp"

#include <entity/list.hpp>
#include <entity/statements.hpp>
#include <metrics/registry.hpp>
#include <module_support/statement_log.hpp>
#include <storage/sqlite/database.hpp>
#include <storage/store.hpp>
#include <support/catch.hpp>
#include <support/run.hpp>
#include <support/temporary_directory.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace atrium::statements {
namespace {

namespace fs = std::filesystem;
using entity::list_query;

/// The allowed exceptions with their reasons. An exception that is no longer needed fails the test.
constexpr std::array exceptions{
    plan_exception{"FROM sqlite_schema", "at the start only: one row for each table and index"},
    plan_exception{"FROM storage_migration", "at the start only: one row for each migration"},
    plan_exception{"SELECT id, name, topics, began, paused FROM events_subscription ORDER BY id",
                   "one row for each subscription of the modules"},
    plan_exception{"dflt_value", "at the start only: one row for each column and index of a table"},
    plan_exception{"SELECT name, drained FROM events_adapter", "the table has one row"},
    plan_exception{"SELECT max(seq) FROM events_log", "seq is the key of the table, so the last row has the greatest seq"},
    plan_exception{"INDEXED BY events_delivery_dead_age WHERE state = 'dead' ORDER BY failure",
                   "reads one row from an end of an index of the dead letters"},
    plan_exception{"SELECT count(*) FROM (SELECT 1 FROM events_delivery INDEXED BY",
                   "counts at most 10,001 rows of an index, because of its LIMIT"},
    plan_exception{"INDEXED BY events_operation_running WHERE state = 'running' ORDER BY id LIMIT",
                   "walks an index of only the running operations until its LIMIT"},
    plan_exception{"SELECT count(*) FROM events_failure",
                   "for a gauge, once per events.retention.every: one pass over an index"},
    plan_exception{"SELECT count(*) FROM events_archive",
                   "for a gauge, once per events.retention.every: one pass over an index"},
    plan_exception{"SELECT count(*) FROM events_operation",
                   "for a gauge, once per events.retention.every: one row for each action of an operator"},
    plan_exception{"SELECT max(place) FROM events_delivery", "at the start only: the place of the next delivery"},
    plan_exception{"SELECT seq FROM events_delivery WHERE subscription = ?1 AND state <> 'dead' ORDER BY place",
                   "at the start only, after a change of the adapter: all waiting events are delivered in another way"},
    plan_exception{
        "SELECT count(*) FROM events_delivery WHERE subscription = ?1 AND state <> 'dead'",
        "for /metrics and /readyz: one pass over an index of waiting events, within storage.read_limit (decision 3)"},
    plan_exception{"SELECT count(*) FROM events_delivery INDEXED BY events_delivery_dead",
                   "for /metrics, /readyz and dry runs: one pass over an index of the dead letters, within storage.read_limit"},
    plan_exception{"SELECT count(*) FROM events_scheduled",
                   "for /metrics and /readyz: one pass over an index of the events that are not due (decision 3)"},
    plan_exception{"WHERE subscription = ?1 AND state <> 'dead' ORDER BY seq LIMIT 100",
                   "reads the waiting deliveries, if dead letters are more numerous; for /metrics, /readyz and subscriptions"},
    plan_exception{"FROM pragma_index_list", "at the start only: one row for each column and index of a table"},
    plan_exception{"FROM events_identity", "the table has one row"},
    plan_exception{" AS finding FROM events_delivery", "for `atrium check` only: it looks at all deliveries"},
    plan_exception{" AS finding FROM events_failure", "for `atrium check` only: it looks at all failures"},
    plan_exception{" AS finding FROM events_scheduled", "for `atrium check` only: it looks at all scheduled events"},
    plan_exception{"SELECT subscription, seq, row_number() OVER (ORDER BY place, seq)",
                   "printed by `atrium check` for an operator, if an invariant is violated"},
    plan_exception{"DELETE FROM events_delivery WHERE subscription NOT IN (SELECT id",
                   "printed by `atrium check` for an operator, if an invariant is violated"},
    plan_exception{"SET state = 'queued', due = NULL WHERE state IN ('ready', 'backoff') AND EXISTS (",
                   "printed by `atrium check` for an operator, if an invariant is violated"},
    plan_exception{"SET state = 'ready' WHERE state = 'queued' AND NOT EXISTS (",
                   "printed by `atrium check` for an operator, if an invariant is violated"},
    plan_exception{"UPDATE events_delivery SET due = 0 WHERE state = 'backoff' AND due IS NULL",
                   "printed by `atrium check` for an operator, if an invariant is violated"},
    plan_exception{"DELETE FROM events_delivery AS d WHERE state = 'dead'",
                   "printed by `atrium check` for an operator, if an invariant is violated"},
    plan_exception{"DELETE FROM events_failure AS f", "printed by `atrium check` for an operator, if an invariant is violated"},
    plan_exception{"DELETE FROM events_scheduled AS w",
                   "printed by `atrium check` for an operator, if an invariant is violated"},
    plan_exception{"DELETE FROM events_delivery AS d WHERE EXISTS (",
                   "printed by `atrium check` for an operator, if an invariant is violated"},
    plan_exception{"UPDATE events_identity SET former_publisher = publisher", "the table has one row"},
    plan_exception{"UPDATE auth_change SET number = number + 1", "the table has one row"},
    plan_exception{"SELECT number FROM auth_change", "the table has one row"},
    plan_exception{"FROM auth_token ORDER BY name, id",
                   "one row for each token that operators have created; read when a token was created or revoked"},
    plan_exception{"DELETE FROM auth_token WHERE id IN",
                   "from time to time: one row for each token that operators have created"},
    plan_exception{"FROM auth_session WHERE expires > ?1", "at the start only: at most 10,000 sessions"},
    plan_exception{"FROM events_missing_number AS m JOIN",
                   "for /metrics and /readyz: ranges of numbers that a broker has dropped, which it should never do"},
};

/// Like `exceptions`, but for statements that src/entity builds.
constexpr std::array list_exceptions{
    plan_exception{" AS listed ", "sorts the rows of at most 400 ids from the client"},
    plan_exception{" AS parent ", "sorts one page for each parent; the pages were read by an index"},
    plan_exception{"SELECT count(*) FROM (SELECT 1 FROM ", "counts at most 1001 rows of an index, because of its LIMIT"},
    plan_exception{" LIMIT ?2) AS ", "sorts the keys of at most 1000 rows of an index, because of its inner LIMIT"},
};

/// A migrated database that records all statements that run on it.
class database_fixture {
public:
    database_fixture() {
        database_.migrate();
        database_.start([] {});
    }

    storage::store store(const std::string& owner) { return {database_, owner}; }
    query_plans plans() const { return query_plans{file_}; }

    /// The statements that `work` runs on the tables of `owner`, without duplicates.
    std::set<std::string> statements_of(const std::string& owner, const std::function<void()>& work) {
        log_.clear();
        work();
        const auto all = log_.mentioning({owner + "_"});
        return {all.begin(), all.end()};
    }

private:
    support::temporary_directory folder_;
    fs::path file_ = folder_ / "atrium.db";
    metrics::registry metrics_;
    support::statement_log log_;
    std::vector<storage::schema> schemas_ = app::all_schemas();
    storage::sqlite::sqlite_database database_{{.path = file_}, schemas_, metrics_, logger{}};
};

struct rows_of_module {
    std::string_view owner;
    std::string_view insert;
};

/// Rows for the lookups of filters: one row for "a", two for "b".
constexpr std::array rows_for_lookups{
    rows_of_module{"orders", "INSERT INTO orders_user (id, username, revision, name_revision)"
                             " VALUES (1, 'a', 1, 1), (2, 'b', 1, 1), (3, 'b', 1, 1)"},
};

/// More rows than a list may sort, for every value that `some_value` and the lookups return.
constexpr std::array rows_for_long_lists{
    rows_of_module{"orders", "INSERT INTO orders_order (user_id, product_name, quantity, status, created_at, updated_at)"
                             " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= 3 * 1000 + 3)"
                             " SELECT 1 + i % 3, 'a', 1, 1, 0, 0 FROM n"},
};

void fill_long_lists(const storage::store& store) {
    REQUIRE(support::run(store.write([&](storage::transaction& t) -> result<> {
        for (const auto& rows : rows_for_long_lists)
            if (rows.owner == store.owner())
                t.execute(rows.insert);
        return {};
    })));
}

void fill_lookups(const storage::store& store, const entity::description& d) {
    REQUIRE(support::run(store.write([&](storage::transaction& t) -> result<> {
        for (const auto& rows : rows_for_lookups)
            if (rows.owner == store.owner())
                t.execute(rows.insert);
        for (const auto& field : d.fields())
            for (const auto& [name, count] : {std::pair{"a", 1}, std::pair{"b", 2}}) {
                INFO("rows_for_lookups must have rows that the filter " << field.name << " finds by \"" << name << "\"");
                int found = 0;
                if (field.lookup)
                    for (auto row = t.query(field.lookup->query, name); row.next();)
                        ++found;
                CHECK(found == (field.lookup ? count : 0));
            }
        return {};
    })));
}

void read(const storage::store& store, const std::function<void(storage::snapshot&)>& function) {
    REQUIRE(support::run(store.read([&](storage::snapshot& s) -> result<> {
        function(s);
        return {};
    })));
}

entity::list_value some_value(const entity::field_info& field) {
    if (field.type->is_text())
        return std::string{"a"};
    return std::int64_t{1};
}

/// Every kind of list that clients can request: all combinations of filters, every order in both directions, read from both
/// ends, from the beginning and from the middle.
std::vector<list_query> all_lists(const entity::description& d) {
    std::vector<list_query> lists(1);
    const auto add = [&](auto... changes) { // for each list, adds a copy with each of the changes
        for (std::size_t i = 0, size = lists.size(); i < size; ++i)
            (changes(lists.emplace_back(lists[i])), ...);
    };
    for (std::size_t i = 0; i < d.fields().size(); ++i) {
        const auto& field = d.fields()[i];
        const auto filter = [&](list_query& q) { q.conditions.push_back({i, some_value(field)}); };
        const auto filter_of_two = [&](list_query& q) { q.conditions.push_back({i, "b"}); };
        if (field.lookup)
            add(filter, filter_of_two);
        else if (field.filter != entity::filter_kind::none)
            add(filter);
    }
    if (d.search())
        add([](list_query& q) { q.search = "a"; });
    const auto filtered = lists;
    for (std::size_t i = 0; i < d.fields().size(); ++i)
        for (const bool is_descending : {false, true})
            if (d.fields()[i].is_sortable)
                for (auto query : filtered)
                    if (!query.search && order_of(d, query).field == d.identifier_index()) {
                        query.sort = entity::ordering{i, is_descending};
                        lists.push_back(std::move(query));
                    }
    add([](list_query& q) { q.is_from_end = true; });
    const auto position_in = [&](const list_query& q) {
        return entity::position{.id = 7, .value = some_value(d.fields()[order_of(d, q).field])};
    };
    add([&](list_query& q) { q.after = position_in(q); });
    add([&](list_query& q) { q.before = position_in(q); });
    return lists;
}

/// Reads every list of the entity: of the whole table, of each of two parents, and of two ids.
void read_lists(storage::snapshot& s, const entity::statements& sql) {
    const auto& d = sql.description();
    const auto visit = [](const storage::cursor&, std::size_t) { return true; };
    for (auto& query : all_lists(d)) {
        sql.list(s, query, sql.columns_of(query, d.shown()), visit);
        const std::array<std::int64_t, 2> parents{1, 2};
        for (std::size_t i = 0; !query.search && i < d.fields().size(); ++i)
            if (d.fields()[i].type->kind == entity::kind::id && d.is_own(d.fields()[i]) && i != d.identifier_index())
                sql.list_each(s, i, parents, query, sql.columns_of(query, d.shown()), visit);
        query.ids = {{1, 2}};
        sql.list(s, query, sql.columns_of(query, d.shown()), visit);
    }
}

/// The statements of every list of the entity in a new database, with filters that match few rows and many rows.
std::set<std::string> statements_of_lists(database_fixture& database, const std::string& module, const entity::description& d) {
    const entity::statements sql{d};
    const auto store = database.store(module);
    fill_lookups(store, d);
    const auto read_all = [&] { read(store, [&](storage::snapshot& s) { read_lists(s, sql); }); };
    auto all = database.statements_of(module, read_all);
    fill_long_lists(store);
    all.merge(database.statements_of(module, read_all));
    return all;
}

/// Whether a statement has verdicts, which are conditions in its result columns (see `list_statement`). In a search, these
/// columns show whether an earlier field of the row begins with the text. If so, the search has already found the row by that
/// field.
bool has_verdicts(const std::string& sql) {
    const auto results = sql.substr(0, sql.find(" FROM "));
    return results.find(" = ?") != results.npos || results.find(" BETWEEN ?") != results.npos ||
           results.find(" IN (SELECT") != results.npos;
}

void check(query_plans& plans, const std::string& sql, std::span<const plan_exception> allowed) {
    const auto objection = plans.objection(sql);
    const bool is_allowed =
        std::ranges::any_of(allowed, [&](const auto& each) { return sql.find(each.part_of_statement) != std::string::npos; });
    INFO(sql);
    CHECK((objection.empty() || is_allowed ? "" : objection) == "");
}

} // namespace

TEST_CASE("every statement in the sources finds its rows by an index or is a listed exception") {
    database_fixture database;
    auto plans = database.plans();
    const fs::path root{ATRIUM_SOURCE_FOLDER};
    auto all = sql_literals(root / "src");
    for (auto& each : sql_literals(root / "modules"))
        all.push_back(std::move(each));
    std::erase_if(all, [&](const auto& each) {
        const auto path = fs::relative(each.file, root).string();
        return path.starts_with("src/entity/") ||
               path.find("/tests/") != std::string::npos; // built at run time, or not part of the program
    });
    CHECK(all.size() > 40);
    for (const auto& each : all) {
        INFO(each.file);
        check(plans, each.sql, exceptions);
    }
    for (const auto& each : exceptions) {
        INFO("the exception \"" << each.part_of_statement << "\"");
        CHECK(std::ranges::any_of(all, [&](const auto& literal) {
            return literal.sql.find(each.part_of_statement) != std::string::npos && !plans.objection(literal.sql).empty();
        }));
    }
}

TEST_CASE("every list of every module reads only ranges of indexes, except for listed exceptions") {
    for (const auto& module : app::registered_modules())
        for (const auto& publication : module.description.publications) {
            database_fixture database;
            auto plans = database.plans();
            const auto all = statements_of_lists(database, module.description.name, *publication.entity);
            CHECK(all.size() > 10);
            for (const auto& each : all)
                check(plans, each, list_exceptions);
        }
}

TEST_CASE("orders are filtered, counted and sorted in an index, without reading their rows") {
    database_fixture database;
    auto plans = database.plans();
    const auto& modules = app::registered_modules();
    const auto orders =
        std::ranges::find(modules, std::string_view{"orders"}, [](const auto& m) { return m.description.name; });
    REQUIRE(orders != std::end(modules));
    int filtered = 0, sorted = 0, counted = 0;
    for (const auto& each : statements_of_lists(database, "orders", *orders->description.publications.front().entity)) {
        const bool is_sorted = each.find(" LIMIT ?2) AS ") != each.npos, is_counted = each.find("count(*)") != each.npos;
        if (!has_verdicts(each) && !is_sorted && !is_counted)
            continue;
        filtered += has_verdicts(each);
        sorted += is_sorted;
        counted += is_counted;
        INFO(each);
        const auto plan = plans.lines(each).value();
        for (const auto& line : plan) {
            INFO(line);
            const bool is_of_orders =
                line.starts_with("SEARCH o ") || line.starts_with("SCAN o ") || line.find("orders_order") != line.npos;
            CHECK((!is_of_orders || line.find("USING COVERING INDEX") != line.npos || line == "SCAN o"));
        }
    }
    CHECK(filtered > 10);
    CHECK(sorted > 10);
    CHECK(counted > 1);
}

TEST_CASE("every module finds and changes single rows by an index") {
    for (const auto& module : app::registered_modules())
        for (const auto& publication : module.description.publications) {
            database_fixture database;
            auto plans = database.plans();
            const auto& d = *publication.entity;
            const entity::statements sql{d};
            const auto all = database.statements_of(module.description.name, [&] {
                REQUIRE(support::run(database.store(module.description.name).write([&](storage::transaction& t) -> result<> {
                    sql.insert(t, d.sample());
                    sql.update(t, d.sample());
                    sql.remove(t, 1);
                    (void)sql.find_row(t, 1, d.all()).next();
                    const std::array<std::int64_t, 2> ids{1, 2};
                    (void)sql.find_rows(t, ids, d.all()).next();
                    for (std::size_t i = 0; i < d.fields().size(); ++i)
                        if (d.fields()[i].is_unique)
                            (void)sql.find_row_by_field(t, i, "a", d.all()).next();
                    return {};
                })));
            });
            CHECK(all.size() >= 5);
            for (const auto& each : all)
                check(plans, each, {});
        }
}

TEST_CASE("no CHECK of a table makes SQLite build a table in memory for each inserted row") {
    database_fixture database;
    auto plans = database.plans();
    CHECK(plans.tables().size() > 8);
    for (const auto& table : plans.tables()) {
        INFO(table);
        CHECK_FALSE(plans.builds_table("INSERT INTO " + table + " DEFAULT VALUES"));
    }
    CHECK(plans.builds_table("SELECT 1 WHERE 'b' COLLATE NOCASE IN ('a', 'b', 'c')"));
}

TEST_CASE("a statement that scans, sorts, counts or looks for an extreme value is detected") {
    database_fixture database;
    auto plans = database.plans();
    CHECK(plans.objection("SELECT id FROM orders_order WHERE quantity = 1") == "SCAN orders_order");
    CHECK(plans.objection("SELECT id FROM orders_order WHERE status = 1 ORDER BY quantity") == "USE TEMP B-TREE FOR ORDER BY");
    CHECK(plans.objection("SELECT count(*) FROM orders_order WHERE user_id = 1") == "it counts rows");
    CHECK(plans.objection("SELECT max(quantity) FROM orders_order") == "it looks for an extreme value");
    CHECK(plans.objection("SELECT id FROM orders_order ORDER BY id LIMIT 1").empty());
    CHECK(plans.objection("SELECT id FROM orders_order WHERE user_id = 1").empty());
    CHECK_FALSE(plans.objection("SELECT no_such_column FROM orders_order").empty());
}

} // namespace atrium::statements
