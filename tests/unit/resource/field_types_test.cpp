#include <module_support/module_process.hpp>
#include <resource/graphql.hpp>
#include <resource/routes.hpp>
#include <support/catch.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

// docs/adding-a-field.md has a table of the types that a field may have. The module in this file has an entity with a field of
// each of these types.

namespace atrium::boxes {

using box_id = id<struct box_tag>;

enum class order_status { placed, fulfilled };

inline const entity::enumeration& describe_enumeration(order_status) {
    static constexpr std::array<std::string_view, 2> words{"placed", "fulfilled"};
    static constexpr entity::enumeration all{"OrderStatus", "", words};
    return all;
}

struct box {
    box_id id = {};
    std::string label = {};
    std::int64_t count = 0;
    bool is_open = false;
    timestamp packed_at = {};
    box_id parent = {};
    order_status status = order_status::fulfilled;
    std::optional<std::string> note = {};
};

const auto box_entity = [] {
    using namespace entity;
    return describe<box>(
        "Box", "", table{"boxes_box", "b"}, field{"id", &box::id, "b.id"}.as(role::identifier).sort(),
        field{"label", &box::label, "b.label"}.create(), field{"count", &box::count, "b.count"}.create(between(0, 9)),
        field{"is_open", &box::is_open, "b.is_open"}.create(), field{"packed_at", &box::packed_at, "b.packed_at"}.create(),
        field{"parent", &box::parent, "b.parent"}.create(), field{"status", &box::status, "b.status"}.create(),
        field{"note", &box::note, "b.note"}.create());
}();

namespace {

/// A row of the table in the guide: a type, its column, and the field of `box` with this type.
struct table_row {
    std::string_view type;
    std::string_view column;
    std::string_view field;
};
constexpr table_row rows[] = {
    {"`std::string`", "TEXT NOT NULL", "label"},      {"`std::int64_t`", "INTEGER NOT NULL", "count"},
    {"`bool`", "INTEGER NOT NULL", "is_open"},        {"`timestamp`", "INTEGER NOT NULL", "packed_at"},
    {"`id<...>`", "INTEGER NOT NULL", "parent"},      {"an enumeration", "INTEGER NOT NULL", "status"},
    {"`std::optional<std::string>`", "TEXT", "note"},
};

/// SQL for a table with the columns of these rows. A test process checks at its start that the columns fit the description.
std::string table_sql() {
    std::string columns = "id INTEGER PRIMARY KEY";
    for (const auto& row : rows)
        columns.append(", ").append(row.field).append(" ").append(row.column);
    return "CREATE TABLE boxes_box (" + columns + ") STRICT;";
}
const std::string sql = table_sql();
const std::array migrations{storage::migration{1, "0001_boxes", sql}};

/// A module that has only boxes.
class boxes_module {
public:
    explicit boxes_module(host::context c)
        : boxes_{box_entity,
                 {"boxes.box_created", "boxes.box_updated", "boxes.box_deleted"},
                 {std::move(c.store), c.bus, c.time}},
          routes_{boxes_, "/boxes/", {.list = "", .create = "", .show = "", .change = "", .remove = ""}} {}

    void add_routes(http::router& router) { routes_.add_to(router); }
    void add_handlers(events::bus&) {}
    void add_types(graphql::schema_builder& builder) {
        resource::add_enumeration<order_status>(builder);
        resource::add_type(builder, boxes_);
        resource::add_list(builder, boxes_, "allBoxes", {});
    }

private:
    resource::service<box> boxes_;
    resource::routes routes_;
};

struct boxes_fixture : support::module_process {
    boxes_fixture()
        : module_process{{{.name = "boxes",
                           .migrations = migrations,
                           .subscriptions = {},
                           .publications = {{{"boxes.box_created"}, &box_entity}}}}},
          boxes{context("boxes")} {
        start(boxes);
    }
    ~boxes_fixture() { stop(); }

    /// The type of a field of `Box`: "String!".
    std::string graphql_type(std::string_view field) {
        const auto fields = ask(R"({ __type(name: "Box") { fields { name type { kind name ofType { name } } } } })");
        for (const auto& each : fields.at_pointer("/data/__type/fields").as_array())
            if (each.at("name").as_string() == field) {
                const auto& type = each.at("type");
                const bool is_required = type.at("kind") == "NON_NULL";
                return std::string{(is_required ? type.at("ofType") : type).at("name").as_string()} + (is_required ? "!" : "");
            }
        return "no field";
    }

    boxes_module boxes;
};

std::string camel_case(std::string_view name) {
    std::string text;
    for (std::size_t i = 0; i < name.size(); ++i)
        text += name[i] == '_' ? static_cast<char>(name[++i] - 'a' + 'A') : name[i];
    return text;
}

} // namespace

TEST_CASE("a field of every type has the column, the JSON and the GraphQL type that docs/adding-a-field.md shows") {
    boxes_fixture fixture;
    constexpr std::string_view values =
        R"({"label":"tea","count":7,"is_open":true,"packed_at":"2026-11-22T12:00:00.000Z","parent":7,"status":"placed"})";
    const auto created = fixture.post("/boxes/", values);
    CHECK(created.status == http::status::created);

    std::ifstream file{ATRIUM_SOURCE_DIR "/docs/adding-a-field.md"};
    std::ostringstream guide;
    guide << file.rdbuf();
    for (const auto& [type, column, field] : rows) {
        const auto row = "| " + std::string{type} + " | `" + std::string{column} + "` | `" +
                         boost::json::serialize(created.json().at("box").at(field)) + "` | `" +
                         fixture.graphql_type(camel_case(field)) + "` |\n";
        INFO("docs/adding-a-field.md must have the row " << row);
        CHECK(guide.str().find(row) != std::string::npos);
    }
}

TEST_CASE("a form can set a field of every type") {
    boxes_fixture fixture;
    const auto created =
        fixture.send(http::verb::post, "/boxes/",
                     "label=tea&count=7&is_open=true&packed_at=2026-11-22T12:00:00.000Z&parent=7&status=placed&note=dry",
                     {{"Content-Type", "application/x-www-form-urlencoded"}});
    CHECK(created.body == R"({"message":"Box created successfully","box":{"id":1,"label":"tea","count":7,"is_open":true,)"
                          R"("packed_at":"2026-11-22T12:00:00.000Z","parent":7,"status":"placed","note":"dry"}})");
}

} // namespace atrium::boxes
