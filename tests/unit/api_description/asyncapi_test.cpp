#include <api_description/asyncapi.hpp>
#include <entity/description.hpp>
#include <support/catch.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <array>

using namespace atrium;
namespace json = boost::json;

namespace {

using pear_id = id<struct pear_tag>;

struct pear {
    pear_id id = {};
    std::string color = {};
};

const auto pear_entity = [] {
    using namespace entity;
    return describe<pear>(
        "Pear", "A pear.", table{"pears_pear", "p"}, field{"id", &pear::id, "p.id"}.as(role::identifier).in_events("pear_id"),
        field{"color", &pear::color, "p.color", "Mostly green."}.in_events().not_in_event("pears.pear_eaten"));
}();

const host::description pears{.name = "pears",
                              .migrations = {},
                              .subscriptions = {},
                              .publications = {{{"pears.pear_picked", "pears.pear_eaten"}, &pear_entity}}};
const host::description gardens{.name = "gardens", .migrations = {}, .subscriptions = {{"gardens.harvest", {"*.pear_picked"}}}};

json::value render() {
    return json::parse(api_description::render_asyncapi(std::array{&pears, &gardens}, "1.2.3"));
}

} // namespace

TEST_CASE("each topic is a channel with one message, and the payload of the message is the event data of the topic") {
    const auto document = render();
    CHECK(document.at("asyncapi") == "3.0.0");
    CHECK(document.at("info").at("version") == "1.2.3");
    CHECK(document.at("channels").at("pears.pear_picked").at("address") == "pears.pear_picked");
    CHECK(document.at("channels").at("pears.pear_picked").at("messages").at("event") ==
          json::parse(R"({"$ref":"#/components/messages/pears.pear_picked"})"));
    CHECK(document.at("components").at("messages").at("pears.pear_picked").at("payload") ==
          json::parse(R"({"$ref":"#/components/schemas/pears.pear_picked"})"));
    CHECK(document.at("components").at("schemas").at("pears.pear_picked").at("required") == json::array{"pear_id", "color"});
    CHECK(document.at("components").at("schemas").at("pears.pear_eaten").at("required") == json::array{"pear_id"});
}

TEST_CASE("the topics of events that report the actions of operators are described as well") {
    const auto document = render();
    CHECK(document.at("operations").as_object().contains("send.operations.paused"));
    CHECK(
        document.at("components").at("schemas").at("operations.paused").at("properties").as_object().contains("subscription"));
}

TEST_CASE(
    "a module has a send operation for each topic that it publishes, and a receive operation for each that it subscribes to") {
    const auto document = render();
    const auto& operations = document.at("operations").as_object();
    CHECK(operations.at("send.pears.pear_eaten").at("action") == "send");
    const auto& receipt = operations.at("receive.gardens.harvest.pears.pear_picked");
    CHECK(receipt.at("action") == "receive");
    CHECK(receipt.at("channel") == json::parse(R"({"$ref":"#/channels/pears.pear_picked"})"));
    CHECK(receipt.at("messages") == json::parse(R"([{"$ref":"#/channels/pears.pear_picked/messages/event"}])"));
}
