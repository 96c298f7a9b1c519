#include "require.hpp"
#include "space.hpp"

#include <base/text.hpp>
#include <graphql/introspection.hpp>
#include <support/run.hpp>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace atrium;
using fuzz::require;

namespace {

graphql::executable_schema make_schema(graphql::space::calls& calls) {
    auto declarations = graphql::space::declare(calls);
    graphql::add_introspection(declarations);
    return std::move(declarations).build();
}

/// Two engines: one that caches documents, and one without a cache.
struct engines {
    graphql::space::calls calls;
    graphql::engine caching{make_schema(calls), {.cached_documents = 50}};
    graphql::engine uncached{make_schema(calls), {.cached_documents = 0}};
};

void check(const std::string& body) {
    require(is_utf8(body), "a response is valid UTF-8");
    boost::json::error_code fault;
    const auto json = boost::json::parse(body, fault);
    require(!fault && json.is_object(), "a response is a JSON object");
    const auto* const errors = json.get_object().if_contains("errors");
    require(errors || json.get_object().contains("data"), "a response has data or errors");
    require(!errors || (errors->is_array() && !errors->get_array().empty()), "errors are a list that is not empty");
}

/// Reads up to 20 responses of a subscription, checks each, and returns the last one.
awaitable<std::string> last_event(const graphql::engine& engine, graphql::operation operation) {
    auto stream = co_await engine.subscribe(std::move(operation), graphql::context{});
    if (!stream)
        co_return stream.error().body;
    std::string last;
    for (int i = 0; i < 20; ++i) {
        auto response = co_await (*stream)->next();
        if (!response)
            break;
        last = std::move(response->body);
        check(last);
    }
    co_return last.empty() ? R"({"data":null})" : last;
}

std::string answer(const graphql::engine& engine, const graphql::request& request) {
    auto ready = engine.prepare(request);
    if (!ready)
        return ready.error().body;
    if (ready->type() == graphql::ast::operation_type::subscription)
        return support::run(last_event(engine, *std::move(ready)));
    return support::run(engine.execute(*std::move(ready), graphql::context{})).body;
}

} // namespace

/// The input is a GraphQL document, optionally followed by a NUL and the variables as JSON. Every request must have a response,
/// which must not depend on whether the document was cached.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static engines engine;
    const std::string_view input{reinterpret_cast<const char*>(data), size};
    if (!is_utf8(input))
        return -1;
    const auto end = std::min(input.find('\0'), input.size());
    graphql::request request{std::string{input.substr(0, end)}};
    if (end < input.size()) {
        boost::json::error_code fault;
        auto variables = boost::json::parse(input.substr(end + 1), fault);
        if (fault || !variables.is_object())
            return -1;
        request.variables = std::move(variables.get_object());
    }

    const auto first = answer(engine.caching, request);
    check(first);
    if (request.query.find("step") == std::string::npos) { // the response of `step` depends on the number of calls
        require(answer(engine.caching, request) == first, "the same request has the same response");
        require(answer(engine.uncached, request) == first, "the cache does not change a response");
    }
    return 0;
}
