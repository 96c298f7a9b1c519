#pragma once

#include "document_cache.hpp"
#include "operation_state.hpp"
#include "plan.hpp"

#include <graphql/engine.hpp>

#include <boost/json/object.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace atrium::graphql::detail {

struct operation_contents {
    std::shared_ptr<const prepared_document> document;
    ast::operation_type type;
    std::shared_ptr<const graphql::plan> plan;
    boost::json::object variables; ///< coerced
    std::size_t cost = 0;

    [[nodiscard]] operation_state run(const executable_schema& s, context& c) const {
        return {document->document(), *plan, s.bindings(), variables, c};
    }
};

struct engine_contents {
    engine_contents(executable_schema s, limits l)
        : schema{std::move(s)}, request_limits{l}, cache{l.cached_documents, l.cached_bytes} {}

    const executable_schema schema;
    const limits request_limits;
    document_cache cache;

    /// Finds the document in the cache, or prepares it.
    [[nodiscard]] document_cache::entry document(const std::string& text);
    [[nodiscard]] std::shared_ptr<const graphql::plan> plan_for(const document_cache::entry& document, const ast::operation& o,
                                                                const boost::json::object& variables);

    /// Prepares the context of a request that begins to run: sets its schema, its deadline and its limit on computing time.
    void begin(context& c) const;
};

} // namespace atrium::graphql::detail
