#include <config/schema.hpp>
#include <graphql/limits.hpp>

namespace atrium::graphql {

using namespace std::chrono_literals;

void declare(config::schema& schema, limits& limits) {
    // Lists all members, so that a new member does not compile until it is declared as well.
    auto& [tokens, depth, aliases, root_fields, fields, cost, values, time, computing, response_bytes, cached_documents,
           cached_bytes] = limits;
    schema.section("graphql", "GraphQL. A request that exceeds a limit is refused before it runs. A fragment is counted again "
                              "each time it is spread. 0 means no limit. Exceptions to these rules are noted at the keys.");
    schema.integer("graphql.tokens", tokens, 0, 10'000'000, "Maximum number of tokens in the document.");
    schema.integer("graphql.depth", depth, 0, 1'000, "Maximum depth to which fields of the operation may be nested.");
    schema.integer("graphql.aliases", aliases, 0, 1'000'000, "Maximum number of aliases in the operation.");
    schema.integer("graphql.root_fields", root_fields, 0, 1'000'000, "Maximum number of root fields of the operation.");
    schema.integer("graphql.fields", fields, 0, 1'000'000, "Maximum number of fields in the operation.");
    schema.integer(
        "graphql.cost", cost, 0, 1'000'000'000,
        "Maximum number of fields that the response can have. A field in a list is counted once for each row that one page "
        "of the list can have. A field with a very long alias (hundreds of letters) counts as several fields.");
    schema.integer("graphql.values", values, 0, 10'000'000,
                   "Maximum number of values in the variables, those within lists and objects included.");
    schema.duration("graphql.time", time, 0ms, 1h,
                    "How long a request may run. Fields that are not resolved by then become null, with an error TIMEOUT.");
    schema.duration("graphql.computing", computing, 0ms, 1h,
                    "How long a request may compute, without the time that it waits. After that, a read of the database is "
                    "interrupted, and fields that are not resolved become null, with an error TIMEOUT.");
    schema.integer(
        "graphql.response_bytes", response_bytes, 0, 1024 * config::mebibyte,
        "Maximum length of the response. A longer one is replaced by an error; the changes that a mutation has made remain.");
    schema.integer("graphql.cached_documents", cached_documents, 0, 1'000'000,
                   "Maximum number of documents that are kept in memory after they have been parsed, validated and planned. 0 "
                   "keeps none.");
    schema.integer("graphql.cached_bytes", cached_bytes, 0, 1024 * config::mebibyte,
                   "Maximum memory for the documents that are kept: their texts, syntax trees and plans. 0 keeps none.");
}

} // namespace atrium::graphql
