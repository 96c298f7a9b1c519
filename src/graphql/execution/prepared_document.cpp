#include "prepared_document.hpp"

#include "errors.hpp"
#include "plan_memory.hpp"
#include "planner.hpp"

#include <base/cooperative_yield.hpp>
#include <graphql/parser.hpp>
#include <graphql/validation.hpp>

namespace atrium::graphql {
namespace {

/// Memory besides the text and its tree: this object, its entry in the cache, and what is stored for each definition.
constexpr std::size_t memory_around = 1024;
constexpr std::size_t memory_of_definition = 256;

} // namespace

prepared_document::prepared_document(std::string text, const executable_schema& schema, const limits& allowed)
    : prepared_document{std::move(text)} {
    if (auto document = parse(allowed)) {
        const auto errors = validate(schema.schema(), *document);
        finish(*std::move(document), errors, schema);
    }
}

awaitable<std::shared_ptr<const prepared_document>> prepared_document::make(std::string text, const executable_schema& schema,
                                                                            const limits& allowed) {
    const std::shared_ptr<prepared_document> made{new prepared_document{std::move(text)}};
    cooperative_yield own_turn;
    if (auto document = made->parse(allowed)) {
        validator validation{schema.schema(), *document};
        while (validation.go_on())
            co_await own_turn.yield_if_due();
        const auto errors = validation.take();
        made->finish(*std::move(document), errors, schema);
    }
    co_return made;
}

std::optional<document> prepared_document::parse(const limits& allowed) {
    auto document = graphql::parse(text_, {.tokens = allowed.tokens}, tokens_);
    if (document)
        return *std::move(document);
    refuse(refusal_reason::syntax, {document.error()}, code::syntax);
    return std::nullopt;
}

void prepared_document::finish(graphql::document d, const located_errors& errors, const executable_schema& schema) {
    if (!errors.empty())
        return refuse(refusal_reason::validation, errors, code::validation);
    parsed_ = std::make_unique<const parsed>(std::move(d), schema);
    std::string{}.swap(text_);
    for (const auto* definition : parsed_->document.definitions())
        if (definition->kind == ast::kind::operation) {
            const auto* operation = static_cast<const ast::operation*>(definition);
            sizes_.emplace(operation, size_of(parsed_->executable, *operation));
        }
    memory_ = memory_around + parsed_->document.memory() + parsed_->document.definitions().size() * memory_of_definition;
}

void prepared_document::refuse(refusal_reason why, const located_errors& errors, std::string_view code) {
    fault_ = refusal{why, error_body(errors, code)};
    memory_ = memory_around + text_.capacity() + fault_->body.capacity();
}

prepared_document::found_plan prepared_document::plan_for(const ast::operation& o, const boost::json::object& variables) const {
    plan_key key{&o, parsed_->executable.conditions(variables)};
    {
        const std::lock_guard lock{mutex_};
        if (const auto known = plans_.find(key); known != plans_.end())
            return {known->second};
    }
    auto made = std::make_shared<const plan>(make_plan(parsed_->executable, o, variables));
    const auto memory = memory_of(*made) + key.second.capacity() + memory_of_definition;
    const std::lock_guard lock{mutex_};
    if (!plans_.empty() && (plans_.size() == max_plans || plan_memory_ + memory > max_plan_memory))
        return {std::move(made)};
    if (!plans_.emplace(std::move(key), made).second)
        return {std::move(made)};
    plan_memory_ += memory;
    memory_ += memory;
    return {std::move(made), true};
}

} // namespace atrium::graphql
