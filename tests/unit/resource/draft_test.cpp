#include "pears.hpp"

#include <resource/draft.hpp>
#include <resource/graphql.hpp>
#include <support/catch.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace atrium::resource {
namespace {

using boost::json::object;

std::string lines_of(const error& e) {
    std::string lines;
    for (const auto& each : e.faults)
        lines += each.pointer + ": " + each.detail + "\n";
    return lines;
}

struct sale {
    id<struct sale_tag> number = {};
    std::string product_name = {};
    std::string user = {};
    std::string address = {};
    std::int64_t quantity = 1;
    id<struct shop_tag> shop = {};
    std::optional<std::string> note = {};
    std::optional<timestamp> sold_at = {};
};
const auto sale_entity = entity::describe<sale>(
    "Sale", "", entity::table{"sales_sale", "s"}, entity::field{"id", &sale::number, "s.id"}.as(entity::role::identifier),
    entity::field{"product_name", &sale::product_name, "s.product_name"}.create(entity::required).change(),
    entity::field{"user", &sale::user, "s.user"}.create(entity::required, entity::named{"username"}),
    entity::field{"address_2", &sale::address, "s.address"}.create().change(),
    entity::field{"quantity", &sale::quantity, "s.quantity"}.create(entity::between(1, 9)).change(entity::between(1, 9)),
    entity::field{"shop", &sale::shop, "s.shop"}.create(),
    entity::field{"note", &sale::note, "s.note"}.create(entity::length(1, 9)).change(entity::length(0, 9)),
    entity::field{"sold_at", &sale::sold_at, "s.sold_at"}.change());

} // namespace

TEST_CASE("a string can be an id in GraphQL, but not in JSON") {
    sale graphql_sale;
    auto reader =
        read_input(sale_entity, {object{{"input", {{"productName", "tea"}, {"username", "ann"}, {"shop", "7"}}}}, {}});
    (void)read_new(sale_entity, reader, &graphql_sale);
    CHECK(reader.finish());
    CHECK(graphql_sale.shop.value == 7);

    sale json_sale;
    input::reader body{input::source::json, input::read_json(R"({"product_name":"tea","username":"ann","shop":"7"})").value()};
    (void)read_new(sale_entity, body, &json_sale);
    CHECK(lines_of(body.finish().error()) == "/shop: must be an integer\n");
}

TEST_CASE("a blank value in a form leaves an optional field of a new entity empty") {
    sale created;
    input::reader form{input::source::form,
                       {{.name = "product_name", .value = std::string{}},
                        {.name = "username", .value = std::string{"ann"}},
                        {.name = "note", .value = std::string{}}}};
    const auto read = read_new(sale_entity, form, &created);
    CHECK(form.finish());
    CHECK_FALSE(created.note);
    CHECK_FALSE(read.test(sale_entity.index_of("note")));
    CHECK(read.test(sale_entity.index_of("product_name"))); // a text that is not optional becomes empty
}

TEST_CASE("a blank value in a form counts as missing if the field is required, even if its member is a std::optional") {
    struct visit {
        id<struct visit_tag> number = {};
        std::optional<std::string> note = {};
        std::int64_t guests = 1;
    };
    const auto visit_entity = entity::describe<visit>(
        "Visit", "", entity::table{"visits_visit", "v"},
        entity::field{"id", &visit::number, "v.id"}.as(entity::role::identifier),
        entity::field{"note", &visit::note, "v.note"}.create(entity::required, entity::length(1, 9)),
        entity::field{"guests", &visit::guests, "v.guests"}.create(entity::required, entity::between(1, 9)));
    visit added;
    input::reader form{input::source::form,
                       {{.name = "note", .value = std::string{}}, {.name = "guests", .value = std::string{}}}};
    CHECK(read_new(visit_entity, form, &added).none());
    CHECK(lines_of(form.finish().error()) == "/note: is required\n/guests: is required\n");
}

TEST_CASE("in a change, a blank value in a form clears optional fields and texts, and is ignored for all other fields") {
    const auto blank = [](std::string_view name) { return input::field{.name = std::string{name}, .value = std::string{}}; };
    input::reader form{input::source::form,
                       {blank("note"),
                        blank("sold_at"),
                        blank("quantity"),
                        blank("address_2"),
                        {.name = "product_name", .value = std::string{"tea"}}}};
    sale changed{.quantity = 5, .note = "soon", .sold_at = timestamp{}};
    const auto read = read_change(sale_entity, form, &changed);
    CHECK(form.finish());
    const auto was_sent = [&](std::string_view name) { return read.test(sale_entity.index_of(name)); };
    CHECK(was_sent("note"));
    CHECK_FALSE(changed.note);
    CHECK(was_sent("sold_at"));
    CHECK_FALSE(changed.sold_at);
    CHECK_FALSE(was_sent("quantity"));
    CHECK(was_sent("address_2"));
    CHECK(changed.address.empty());
    CHECK(was_sent("product_name"));
}

TEST_CASE("in JSON, an empty string is a value and null clears the field") {
    const auto read_note = [](std::string_view body) {
        input::reader reader{input::source::json, input::read_json(body).value()};
        sale changed{.note = "soon"};
        CHECK(read_change(sale_entity, reader, &changed).test(sale_entity.index_of("note")));
        CHECK(reader.finish());
        return changed.note;
    };
    CHECK(read_note(R"({"note":""})") == "");
    CHECK(read_note(R"({"note":null})") == std::nullopt);
}

TEST_CASE("the fields of a new entity get the values in the input of the client") {
    auto reader = read_input(pears::pear_entity, {object{{"input", {{"name", "ann"}}}}, {}});
    pears::pear created;
    CHECK(read_new(pears::pear_entity, reader, &created).test(pears::pear_entity.index_of("name")));
    CHECK(reader.finish());
    CHECK(created.name == "ann");
}

TEST_CASE("all errors in the input for a new entity are reported") {
    auto reader = read_input(pears::pear_entity, {object{{"input", {{"id", 7}}}}, {}});
    pears::pear created;
    (void)read_new(pears::pear_entity, reader, &created);
    CHECK(lines_of(reader.finish().error()) == "/id: is not a known field\n/name: is required\n");
}

TEST_CASE("a change without fields sets no field") {
    auto reader = read_input(pears::pear_entity, {object{{"input", object{}}}, {}});
    pears::pear changed;
    CHECK(read_change(pears::pear_entity, reader, &changed).none());
    CHECK(reader.finish());
}

TEST_CASE("the fields of a GraphQL input object are read by their REST names, and errors use the GraphQL names") {
    auto reader =
        read_input(sale_entity, {object{{"input", {{"quantity", 0}, {"productName", nullptr}, {"address2", ""}}}}, {}});
    CHECK_FALSE(reader.text("product_name"));
    CHECK_FALSE(reader.integer("quantity", 1, 9));
    CHECK(reader.required_text("username").empty());
    CHECK(reader.text("address_2") == "");
    CHECK(lines_of(reader.finish().error()) == "/quantity: must be between 1 and 9\n"
                                               "/productName: must not be null\n"
                                               "/username: is required\n");
}

TEST_CASE("an argument `input` that is missing or not an object is a programming error") {
    CHECK_THROWS_AS(read_input(pears::pear_entity, {object{}, {}}), std::logic_error);
    CHECK_THROWS_AS(read_input(pears::pear_entity, {object{{"input", "text"}}, {}}), std::logic_error);
}

} // namespace atrium::resource
