#pragma once

#include <chrono>
#include <cstddef>

namespace atrium::graphql {

/// What one request may ask for. 0: no limit. All but `time` and `response_bytes` are held before anything runs, and the
/// introspection that GraphiQL asks for passes the defaults.
struct limits {
    std::size_t tokens = 10'000;  ///< of the document
    std::size_t depth = 20;       ///< of fields within fields, fragments spread out
    std::size_t aliases = 100;    ///< of the operation, fragments spread out
    std::size_t root_fields = 50; ///< of the operation, fragments spread out
    std::size_t fields = 5'000;   ///< of the operation, fragments spread out: what planning works on
    std::size_t cost = 50'000;    ///< fields to be answered, those below a page as often as it is long; long keys cost more
    std::chrono::milliseconds time{10'000};
    std::size_t response_bytes = 32U << 20U; ///< a longer response has no `data`

    std::size_t cached_documents = 1'000;  ///< how many are kept parsed, validated and planned; 0: none
    std::size_t cached_bytes = 32U << 20U; ///< of memory for them: texts, trees, plans
};

} // namespace atrium::graphql
