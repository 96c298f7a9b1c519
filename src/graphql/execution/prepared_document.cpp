#include "prepared_document.hpp"

#include "document_size.hpp"
#include "errors.hpp"

#include <graphql/parser.hpp>
#include <graphql/validation.hpp>

namespace atrium::graphql {

prepared_document::prepared_document(std::string text, const executable_schema& schema, const limits& allowed)
    : text_{std::move(text)} {
    auto document = parse(text_, {.tokens = allowed.tokens});
    if (!document) {
        refuse(refusal_reason::syntax, {document.error()}, code::syntax);
        return;
    }
    if (const auto errors = validate(schema.schema(), *document); !errors.empty()) {
        refuse(refusal_reason::validation, errors, code::validation);
        return;
    }

    parsed_ = std::make_unique<const parsed>(*std::move(document), schema);
    for (const auto* definition : parsed_->document.definitions())
        if (definition->kind == ast::kind::operation) {
            const auto* operation = static_cast<const ast::operation*>(definition);
            broken_limits_.emplace(operation, graphql::broken_limit(size_of(parsed_->operations, *operation), allowed));
        }
}

void prepared_document::refuse(refusal_reason why, const located_errors& errors, std::string_view code) {
    fault_ = refusal{why, error_body(errors, code)};
}

std::shared_ptr<const plan> prepared_document::plan_for(const ast::operation& o, const boost::json::object& variables) const {
    plan_key key{&o, parsed_->operations.conditions(variables)};
    {
        const std::lock_guard lock{mutex_};
        if (const auto known = plans_.find(key); known != plans_.end())
            return known->second;
    }
    auto made = std::make_shared<const plan>(parsed_->operations.make_plan(o, variables));
    const std::lock_guard lock{mutex_};
    if (plans_.size() < most_plans)
        plans_.emplace(std::move(key), made);
    return made;
}

} // namespace atrium::graphql
