#include "space.hpp"

#include <support/catch.hpp>
#include <support/run.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

using namespace atrium;
using namespace atrium::graphql;
using space::world;

namespace {

/// All responses of a subscription, one on each line, or its refusal.
std::string responses(world& w, std::string query, boost::json::object variables = {}) {
    const auto ready = w.sample_engine.prepare({std::move(query), {}, std::move(variables)});
    if (!ready)
        return ready.error().body;
    const context c{"request-1"};
    auto stream = support::run(w.sample_engine.subscribe(*ready, c));
    if (!stream)
        return stream.error().body;
    std::string all;
    while (const auto one = support::run((*stream)->next()))
        all += one->body + '\n';
    CHECK(!support::run((*stream)->next()));
    return all;
}

struct step {
    std::int64_t number;
};

/// Two events, each with its number as the resume token.
class steps final : public event_source<step> {
public:
    awaitable<result<std::optional<step>>> next() override {
        using next_step = result<std::optional<step>>;
        co_return last_ == 2 ? next_step{std::nullopt} : next_step{step{++last_}};
    }
    std::string resume_token() const override { return std::to_string(last_); }

private:
    std::int64_t last_ = 0;
};

} // namespace

TEST_CASE("while the response to an event is computed, a stream has no resume token") {
    const response_stream* stream = nullptr;
    std::string tokens_during_execution;
    schema_builder schema;
    schema.query().root("one: Int!", []() -> awaitable<std::int64_t> { co_return 1; });
    schema.object<step>("Step").row("number: Int!", [&](const step& s) {
        tokens_during_execution += "<" + stream->resume_token() + ">";
        return s.number;
    });
    schema.subscription().stream("steps: Step!", []() -> awaitable<result<std::unique_ptr<event_source<step>>>> {
        co_return std::make_unique<steps>();
    });
    const engine sample_engine{std::move(schema).build(), {}};
    const auto opened =
        support::run(sample_engine.subscribe(*sample_engine.prepare({.query = "subscription { steps { number } }"}), context{}))
            .value();
    stream = opened.get();
    std::string tokens_after_responses = opened->resume_token();
    for (int i = 0; i < 2; ++i) {
        CHECK(support::run(opened->next()));
        tokens_after_responses += opened->resume_token();
    }
    CHECK(tokens_after_responses == "012");
    CHECK(tokens_during_execution == "<><>");
}

TEST_CASE("each event of a subscription gets a response") {
    world w;
    CHECK(responses(w, "subscription($to: Int!) { n: counted(to: $to) }", {{"to", 3}}) ==
          "{\"data\":{\"n\":1}}\n{\"data\":{\"n\":2}}\n{\"data\":{\"n\":3}}\n");
}

TEST_CASE("an event may be an entity key, and a key without a row does not end the subscription") {
    world w;
    CHECK(responses(w, "subscription { visited { name home { name } luck } }") ==
          "{\"data\":{\"visited\":{\"name\":\"Ada\",\"home\":{\"name\":\"Mars\"},\"luck\":7}}}\n"
          "{\"data\":{\"visited\":null}}\n"
          "{\"data\":{\"visited\":{\"name\":\"Cleo\",\"home\":null,\"luck\":21}}}\n");
}

TEST_CASE("the response to a refused subscription has the member errors, but no member data") {
    world w;
    CHECK(responses(w, "subscription { counted(to: -1) }") ==
          R"({"errors":[{"message":"only upwards","locations":[{"line":1,"column":16}],"path":["counted"],)"
          R"("extensions":{"code":"INVALID"}}]})");
}

TEST_CASE("an error of the event source is reported in the last response") {
    world w;
    const auto all = responses(w, "subscription { counted(to: 20) }");
    CHECK(all.ends_with(
        "{\"data\":{\"counted\":13}}\n{\"errors\":[{\"message\":\"no luck\",\"locations\":[{\"line\":1,\"column\":16}],"
        "\"path\":[\"counted\"],\"extensions\":{\"code\":\"UNAVAILABLE\"}}]}\n"));
}

TEST_CASE("execute throws for a subscription, and subscribe for a query") {
    world w;
    const auto subscription = w.sample_engine.prepare({.query = "subscription { counted(to: 1) }"});
    const context c;
    CHECK_THROWS_AS(support::run(w.sample_engine.execute(*subscription, c)), std::logic_error);
    const auto query = w.sample_engine.prepare({.query = "{ eras }"});
    CHECK_THROWS_AS(support::run(w.sample_engine.subscribe(*query, c)), std::logic_error);
}
