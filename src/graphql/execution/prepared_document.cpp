#include "prepared_document.hpp"

#include "errors.hpp"
#include "plan_memory.hpp"
#include "planner.hpp"

#include <base/cooperative_yield.hpp>
#include <graphql/parser.hpp>
#include <graphql/validation.hpp>

namespace atrium::graphql {
namespace {

/// Approximate bytes of memory for a prepared document and its entry in the cache, without its text, syntax tree and plans.
constexpr std::size_t memory_of_object = 1024;
/// Approximate bytes of memory for the data that is kept about each definition, and about each plan in addition to the plan
/// itself.
constexpr std::size_t memory_of_entry = 256;

} // namespace

prepared_document::prepared_document(std::string text, const executable_schema& schema, const limits& request_limits)
    : prepared_document{std::move(text)} {
    if (auto document = parse(request_limits)) {
        const auto errors = validate(schema.schema(), *document);
        finish(*std::move(document), errors, schema);
    }
}

awaitable<std::shared_ptr<const prepared_document>> prepared_document::make(std::string text, const executable_schema& schema,
                                                                            const limits& request_limits) {
    const std::shared_ptr<prepared_document> prepared{new prepared_document{std::move(text)}};
    cooperative_yield yield;
    if (auto document = prepared->parse(request_limits)) {
        validator validation{schema.schema(), *document};
        while (validation.advance())
            co_await yield.yield_if_due();
        const auto errors = validation.take();
        prepared->finish(*std::move(document), errors, schema);
    }
    co_return prepared;
}

std::optional<document> prepared_document::parse(const limits& request_limits) {
    auto document = graphql::parse(text_, {.tokens = request_limits.tokens}, tokens_);
    if (document)
        return *std::move(document);
    refuse(refusal_reason::syntax, {document.error()}, code::syntax);
    return std::nullopt;
}

void prepared_document::finish(graphql::document d, const located_errors& errors, const executable_schema& schema) {
    if (!errors.empty())
        return refuse(refusal_reason::validation, errors, code::validation);
    valid_document_ = std::make_unique<const valid_document>(std::move(d), schema);
    std::string{}.swap(text_);
    for (const auto* definition : valid_document_->document.definitions())
        if (definition->kind == ast::kind::operation) {
            const auto* operation = static_cast<const ast::operation*>(definition);
            sizes_.emplace(operation, size_of(valid_document_->executable, *operation));
        }
    memory_ = memory_of_object + valid_document_->document.memory() +
              valid_document_->document.definitions().size() * memory_of_entry;
}

void prepared_document::refuse(refusal_reason reason, const located_errors& errors, std::string_view code) {
    fault_ = refusal{reason, error_body(errors, code)};
    memory_ = memory_of_object + text_.capacity() + fault_->body.capacity();
}

prepared_document::found_plan prepared_document::plan_for(const ast::operation& o, const boost::json::object& variables) const {
    plan_key key{&o, valid_document_->executable.condition_values(variables)};
    {
        const std::lock_guard lock{mutex_};
        if (const auto known = plans_.find(key); known != plans_.end())
            return {known->second};
    }
    auto new_plan = std::make_shared<const plan>(make_plan(valid_document_->executable, o, variables));
    const auto memory = memory_of(*new_plan) + key.second.capacity() + memory_of_entry;
    const std::lock_guard lock{mutex_};
    if (!plans_.empty() && (plans_.size() == max_plans || plan_memory_ + memory > max_plan_memory))
        return {std::move(new_plan)};
    if (!plans_.emplace(std::move(key), new_plan).second)
        return {std::move(new_plan)};
    plan_memory_ += memory;
    memory_ += memory;
    return {std::move(new_plan), true};
}

} // namespace atrium::graphql
