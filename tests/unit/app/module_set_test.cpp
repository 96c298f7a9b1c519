#include "module_set.hpp"
#include "module_settings.hpp"
#include "registry.hpp"

#include <events/adapters.hpp>
#include <support/catch.hpp>
#include <support/temporary_directory.hpp>

#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// Tests how modules are created and connected. This depends only on the entries of the modules, not on what the modules do, so
// most tests use small modules that are defined in this file.

namespace {

using namespace atrium;

/// The interface that `bakers` offers in these tests.
struct oven {
    int temperature = 0;
};

struct empty_module : host::module {
    void add_routes(http::router&) override {}
    void add_types(graphql::schema_builder&) override {}
    void add_handlers(events::bus&) override {}
};

struct baker final : empty_module {
    oven baking_oven{.temperature = 220};
};

struct remote_baker final : host::remote_module {
    oven baking_oven{.temperature = 1};
    void add_types(graphql::schema_builder&) override {}
    void show(json_writer& json) const override { json.value("remote"); }
};

/// The temperature that the module `sellers` found when it was created.
std::optional<int> found_temperature;

/// The config key that was passed to the remote form of `bakers`.
std::string remote_setting;

host::module_entry entry(std::string name, std::vector<host::need> needs = {}) {
    return {.description = {.name = std::move(name), .migrations = {}, .subscriptions = {}},
            .needs = std::move(needs),
            .make = [](host::context, host::interfaces&) -> std::unique_ptr<host::module> {
                return std::make_unique<empty_module>();
            }};
}

host::module_entry bakers() {
    auto result = entry("bakers");
    result.make = [](host::context, host::interfaces& shared_interfaces) -> std::unique_ptr<host::module> {
        auto module = std::make_unique<baker>();
        shared_interfaces.add(module->baking_oven);
        return module;
    };
    result.make_remote = [](host::remote_context c,
                            host::interfaces& shared_interfaces) -> std::unique_ptr<host::remote_module> {
        remote_setting = c.url_setting;
        auto module = std::make_unique<remote_baker>();
        shared_interfaces.add(module->baking_oven);
        return module;
    };
    return result;
}

host::module_entry sellers(std::string name = "sellers") {
    auto result = entry(std::move(name), {{.module = "bakers", .purpose = "sellers sells what bakers bakes"}});
    result.make = [](host::context, host::interfaces& shared_interfaces) -> std::unique_ptr<host::module> {
        found_temperature = shared_interfaces.get<oven>().temperature;
        return std::make_unique<empty_module>();
    };
    return result;
}

/// The parts that a module set needs in addition to its modules.
struct parts_fixture {
    support::temporary_directory folder;
    system_clock time;
    metrics::registry metrics;
    std::array<storage::schema, 1> schemas{events::journal_schema()};
    storage::sqlite::sqlite_database database{{.path = folder / "test.db"}, schemas, metrics, {}};
    std::unique_ptr<events::durable_bus> bus =
        events::make_in_process_bus({{}, storage::store{database, "events"}, time, metrics, {}});

    [[nodiscard]] app::module_set::parts parts() { return {database, *bus, time, metrics, {}}; }
};

std::string names(const std::vector<const host::module_entry*>& ordered) {
    std::string text;
    for (const auto* each : ordered)
        text.append(each->description.name).append(" ");
    return text;
}

std::string order_of(const std::vector<host::module_entry>& modules) {
    return names(app::sort_by_needs(modules));
}

/// The errors that result if the settings of these modules are loaded from `assignments`.
app::faults errors_of(const std::vector<host::module_entry>& modules, std::vector<std::string> assignments) {
    app::settings s;
    config::schema schema;
    app::declare_modules(schema, modules, s);
    return schema.load({{}, {}, std::move(assignments)});
}

} // namespace

TEST_CASE("each module is created after the modules that it needs, and otherwise in the order of the registry") {
    CHECK(order_of({entry("a"), entry("b"), entry("c")}) == "a b c ");
    CHECK(order_of({entry("a", {{"c", ""}}), entry("b"), entry("c", {{"d", ""}}), entry("d")}) == "d c a b ");
}

TEST_CASE("a cycle of needs or a missing module prevents the start with a message") {
    CHECK_THROWS_WITH(order_of({entry("a", {{"b", ""}}), entry("b", {{"a", ""}})}),
                      "the module a needs itself indirectly; modules must not need each other in a cycle");
    CHECK_THROWS_WITH(order_of({entry("a", {{"b", ""}})}), "the module a needs a module b, which this program does not have");
}

TEST_CASE("a module finds the interface of another module even if the registry lists the other module after it") {
    parts_fixture fixture;
    const std::vector<host::module_entry> modules{sellers("users"), bakers()};
    auto renamed = modules; // `settings::runs` is true only for the names of real modules
    renamed[1].description.name = "orders";
    renamed[0].needs = {{.module = "orders", .purpose = ""}};
    found_temperature.reset();
    const app::module_set set{renamed, {}, fixture.parts()};
    CHECK(found_temperature == 220);
    CHECK(set.remotes().empty());
}

TEST_CASE("a module finds the remote form of a module that runs in another process") {
    parts_fixture fixture;
    std::vector<host::module_entry> modules{bakers(), sellers("orders")};
    modules[0].description.name = "users";
    modules[1].needs = {{.module = "users", .purpose = ""}};
    app::settings s;
    s.modules = {"orders"};
    s.module_urls["modules.orders.users_url"] = "http://127.0.0.1:1";
    found_temperature.reset();
    const app::module_set set{modules, s, fixture.parts()};
    CHECK(found_temperature == 1);
    CHECK(remote_setting == "modules.orders.users_url");
    REQUIRE(set.remotes().size() == 1);
    CHECK(set.remotes().front().name == "users");
}

TEST_CASE("a module that uses an interface that no module offers prevents the start with a message that names the interface") {
    parts_fixture fixture;
    std::vector<host::module_entry> modules{sellers("orders")};
    modules[0].needs.clear();
    CHECK_THROWS_AS((app::module_set{modules, {}, fixture.parts()}), host::missing_interface);
    try {
        const app::module_set set{modules, {}, fixture.parts()};
    } catch (const host::missing_interface& missing) {
        CHECK(std::string{missing.what()}.find("::oven; the module that uses it must list the module that offers it") !=
              std::string::npos);
    }
}

TEST_CASE("two modules must not offer the same interface") {
    host::interfaces shared_interfaces;
    oven first;
    oven second;
    shared_interfaces.add(first);
    CHECK(shared_interfaces.find_interface<oven>() == &first);
    CHECK_THROWS_AS(shared_interfaces.add(second), std::logic_error);
    CHECK(shared_interfaces.find_interface<int>() == nullptr);
}

namespace {

using loaf_id = id<struct loaf_tag>;

struct loaf {
    loaf_id id = {};
    std::string grain = {};
    std::int64_t grams = 0;
};
const auto loaf_entity =
    entity::describe<loaf>("Loaf", "What bakers bakes.", entity::table{"bakers_loaf", "l"},
                           entity::field{"id", &loaf::id, "l.id"}.as(entity::role::identifier).in_events("loaf_id"),
                           entity::field{"grain", &loaf::grain, "l.grain"}.in_events().not_in_event("bakers.loaf_eaten"),
                           entity::field{"grams", &loaf::grams, "l.grams"});

/// The data that `sellers` reads from an event about a loaf.
struct sold_loaf {
    std::int64_t weight = 0;
    std::string grain;
};
const auto fitting_part = entity::describe_data<sold_loaf>(entity::datum{"grain", &sold_loaf::grain});
const auto missing_part = entity::describe_data<sold_loaf>(entity::datum{"grams", &sold_loaf::weight});
const auto mistyped_part = entity::describe_data<sold_loaf>(entity::datum{"grain", &sold_loaf::weight});

/// The mismatches that are reported if `sellers` reads this data from the events of that topic.
std::vector<std::string> misfits_of(std::string topic, const entity::data_part& part) {
    auto publisher = entry("bakers");
    publisher.description.publications = {{{"bakers.loaf_baked", "bakers.loaf_eaten"}, &loaf_entity}};
    auto consumer = entry("sellers");
    consumer.description.consumptions = {{std::move(topic), &part}};
    return app::find_event_misfits(std::vector{consumer, publisher});
}

} // namespace

TEST_CASE("the event data that a module reads is compared with the data that is published") {
    using texts = std::vector<std::string>;
    CHECK(misfits_of("bakers.loaf_baked", fitting_part) == texts{});
    CHECK(misfits_of("bakers.loaf_baked", missing_part) ==
          texts{"the module sellers reads the events bakers.loaf_baked, but the events of Loaf have no \"grams\""});
    CHECK(misfits_of("bakers.loaf_baked", mistyped_part) ==
          texts{"the module sellers reads the events bakers.loaf_baked, but \"grain\" in the events of Loaf is a text, and an "
                "integer is needed"});
    CHECK(
        misfits_of("bakers.loaf_eaten", fitting_part) ==
        texts{"the module sellers reads the events bakers.loaf_eaten, but the events of Loaf have \"grain\" under other topics "
              "only"});
    CHECK(misfits_of("bakers.loaf_burnt", fitting_part) ==
          texts{"the module sellers reads the events bakers.loaf_burnt, but no module publishes them"});
}

TEST_CASE("not_in_event must name a topic that the module publishes about the entity") {
    auto publisher = entry("bakers");
    publisher.description.publications = {{{"bakers.loaf_baked"}, &loaf_entity}};
    CHECK(app::find_event_misfits(std::vector{publisher}) ==
          std::vector<std::string>{
              "the description of Loaf, field \"grain\": not_in_event has the topic bakers.loaf_eaten, which "
              "the module bakers does not publish about this entity; correct the topic"});
}

TEST_CASE("all entities of a module are compared with its tables, including entities without events") {
    parts_fixture fixture;
    auto module = entry("bakers");
    CHECK(host::find_table_misfits(module.description, fixture.database).empty());
    const std::vector<std::string> absent{"the description of Loaf: there is no table bakers_loaf; add it by a migration"};
    module.description.unpublished = {&loaf_entity};
    CHECK(host::find_table_misfits(module.description, fixture.database) == absent);
    module.description.publications = {{{"bakers.loaf_baked"}, &loaf_entity}};
    CHECK(host::find_table_misfits(module.description, fixture.database) == absent);
    CHECK_THROWS_WITH(host::require_tables(module.description, fixture.database), absent.front());
}

TEST_CASE("the registered modules have no cycle of needs and read only event data that is published") {
    CHECK(app::sort_by_needs(app::registered_modules()).size() == app::registered_modules().size());
    CHECK(app::find_event_misfits(app::registered_modules()) == std::vector<std::string>{});
    std::size_t consumptions = 0;
    for (const auto& module : app::registered_modules())
        consumptions += module.description.consumptions.size();
    CHECK(consumptions > 0);
}

TEST_CASE("modules.enabled lists modules by name, each at most once, and enables all modules if it is empty") {
    const std::vector<host::module_entry> modules{bakers(), entry("millers")};
    CHECK(errors_of(modules, {}).empty());
    CHECK(errors_of(modules, {"modules.enabled=[]"}).empty());
    CHECK(errors_of(modules, {R"(modules.enabled=["millers"])"}).empty());
    CHECK(errors_of(modules, {R"(modules.enabled=["brewers"])"}) ==
          app::faults{R"(--set modules.enabled=["brewers"]: modules.enabled has "brewers", which is not a module; the modules )"
                      R"(are "bakers", "millers")"});
    CHECK(
        errors_of(modules, {R"(modules.enabled=["millers", "millers"])"}) ==
        app::faults{R"(--set modules.enabled=["millers", "millers"]: modules.enabled has "millers" twice; each module can be )"
                    "there once"});
}

TEST_CASE("there is no config key for the URL of a module without a remote form") {
    auto local = entry("bakers");
    const std::vector<host::module_entry> modules{local, sellers()};
    CHECK(
        errors_of(modules, {R"(modules.enabled=["sellers"])"}) ==
        app::faults{R"(--set modules.enabled=["sellers"]: modules.enabled has "sellers" without "bakers"; sellers sells what )"
                    "bakers bakes: enable both"});
    CHECK(errors_of(modules, {"modules.sellers.bakers_url=http://127.0.0.1:1"}).size() == 1); // there is no such key
}

TEST_CASE("two modules that need the same remote module must use the same URL for it") {
    const std::vector<host::module_entry> modules{bakers(), sellers(), sellers("waiters")};
    const std::string enabled = R"(modules.enabled=["sellers", "waiters"])";
    CHECK(errors_of(modules, {enabled, "modules.sellers.bakers_url=http://a:1", "modules.waiters.bakers_url=http://a:1"})
              .empty());
    CHECK(errors_of(modules, {enabled, "modules.sellers.bakers_url=http://a:1", "modules.waiters.bakers_url=http://b:1"}) ==
          app::faults{"--set modules.waiters.bakers_url=http://b:1: modules.waiters.bakers_url differs from "
                      "modules.sellers.bakers_url; all modules of this process must use the same URL for bakers"});
}
