#include <config/schema.hpp>
#include <graphql/limits.hpp>

namespace atrium::graphql {

using namespace std::chrono_literals;

void declare(config::schema& schema, limits& limits) {
    // All members, so that none is left undeclared.
    auto& [tokens, depth, aliases, root_fields, fields, cost, time, response_bytes, cached_documents, cached_bytes] = limits;
    schema.section("graphql",
                   "What one GraphQL request may ask for; what asks for more is refused before it runs, unless it is said "
                   "otherwise. 0 is no limit.");
    schema.integer("graphql.tokens", tokens, 0, 10'000'000, "Tokens of the document.");
    schema.integer("graphql.depth", depth, 0, 1'000, "Fields within fields.");
    schema.integer("graphql.aliases", aliases, 0, 1'000'000, "Aliases.");
    schema.integer("graphql.root_fields", root_fields, 0, 1'000'000, "Fields of the operation itself.");
    schema.integer("graphql.fields", fields, 0, 1'000'000, "Fields of the operation, fragments where they are spread.");
    schema.integer("graphql.cost", cost, 0, 1'000'000'000,
                   "Fields to be answered, those of a page's rows as often as the page is long. Long aliases cost more.");
    schema.duration("graphql.time", time, 0ms, 1h, "How long it may run; what has not been answered by then is null.");
    schema.integer("graphql.response_bytes", response_bytes, 0, 1024 * config::mebibyte,
                   "Length of the response; what ran stays, but a longer one tells the error alone.");
    schema.integer("graphql.cached_documents", cached_documents, 0, 1'000'000,
                   "Documents that are kept parsed, validated and planned. 0 keeps none.");
    schema.integer("graphql.cached_bytes", cached_bytes, 0, 1024 * config::mebibyte,
                   "Memory for them: their texts, what was parsed, and their plans. 0 keeps none.");
}

} // namespace atrium::graphql
