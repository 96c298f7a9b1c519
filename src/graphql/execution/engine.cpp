#include "cost.hpp"
#include "document_size.hpp"
#include "engine_contents.hpp"
#include "errors.hpp"
#include "language/abbreviated.hpp"
#include "levels.hpp"
#include "operation_state.hpp"
#include "response_writer.hpp"
#include "saturating.hpp"
#include "variables.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace atrium::graphql {
namespace {

// The size of a response is estimated with these numbers, which are enough for strings of up to a few hundred bytes. A field
// with a long response key has a higher cost, so it counts several times.
constexpr std::size_t base_bytes = 256;
constexpr std::size_t bytes_per_field = 512;

/// Maximum length of a document that is parsed and validated without yielding to other coroutines; this takes less than a
/// millisecond.
constexpr std::size_t max_bytes_at_once = 4096;

refusal make_refusal(refusal_reason reason, std::string message, std::string_view code) {
    return {reason, error_body({{std::move(message), {}}}, code)};
}

/// The messages are those of graphql-js.
refusal refuse_unknown_operation(const executable_document& d, const std::optional<std::string>& name) {
    auto message = name                      ? "Unknown operation named \"" + abbreviated(*name) + "\"."
                   : d.operation_count() > 1 ? "Must provide operation name if query contains multiple operations."
                                             : "Must provide an operation.";
    return make_refusal(refusal_reason::operation, std::move(message), code::operation);
}

usage sum_of(usage batch, const operation_size& size, std::size_t cost, std::size_t values) {
    batch.root_fields = saturating::plus(batch.root_fields, size.root_fields);
    batch.aliases = saturating::plus(batch.aliases, size.aliases);
    batch.fields = saturating::plus(batch.fields, size.fields);
    batch.cost = saturating::plus(batch.cost, cost);
    batch.values = saturating::plus(batch.values, values);
    return batch;
}

} // namespace

ast::operation_type operation::type() const noexcept {
    return contents_->type;
}

bool operation::calls_resolvers() const noexcept {
    return std::ranges::any_of(contents_->plan->root->fields, [](const field_plan& f) { return f.binding != nullptr; });
}

document_cache::entry detail::engine_contents::document(const std::string& text) {
    if (auto known = cache.find(text))
        return known;
    auto prepared = std::make_shared<const prepared_document>(text, schema, request_limits);
    cache.keep(prepared);
    return prepared;
}

std::shared_ptr<const plan> detail::engine_contents::plan_for(const document_cache::entry& document, const ast::operation& o,
                                                              const boost::json::object& variables) {
    auto found = document->plan_for(o, variables);
    if (found.is_new)
        cache.measure(document);
    return std::move(found.plan);
}

void detail::engine_contents::begin(context& c) const {
    c.schema = &schema.schema();
    if (request_limits.time.count() > 0)
        c.deadline = std::min(c.deadline, std::chrono::steady_clock::now() + request_limits.time);
    if (c.work)
        c.work->set_limit(request_limits.computing);
}

void throw_exception_from_error(const refusal& r, const boost::source_location& where) {
    throw std::logic_error{"a request was expected to run at " + where.to_string() + ", but: " + r.body};
}

void throw_exception_from_error(const unopened_subscription& r, const boost::source_location& where) {
    throw std::logic_error{"a subscription was expected to begin at " + where.to_string() + ", but: " + r.body};
}

engine::engine(executable_schema schema, limits request_limits)
    : contents_{std::make_unique<detail::engine_contents>(std::move(schema), request_limits)} {}
engine::~engine() = default;

const graphql::schema& engine::schema() const noexcept {
    return contents_->schema.schema();
}

awaitable<> engine::read_document(request& r, usage batch) const {
    if (r.query.size() <= max_bytes_at_once || broken_limit(batch, contents_->request_limits))
        co_return;
    auto& cache = contents_->cache;
    r.document = cache.find(r.query);
    if (r.document)
        co_return;
    r.document = co_await prepared_document::make(r.query, contents_->schema, contents_->request_limits);
    cache.keep(r.document);
}

boost::system::result<operation, refusal> engine::prepare(const request& r) const {
    usage no_batch;
    return prepare(r, no_batch);
}

boost::system::result<operation, refusal> engine::prepare(const request& r, usage& batch) const {
    const auto& request_limits = contents_->request_limits;
    if (const auto message = broken_limit(batch, request_limits)) // checked before parsing, because parsing takes time as well
        return make_refusal(refusal_reason::limit, *message, code::limit);
    auto document = r.document ? r.document : contents_->document(r.query);
    batch.tokens = saturating::plus(batch.tokens, document->tokens());
    if (const auto* fault = document->fault())
        return *fault;
    const auto* chosen_operation = document->executable().operation(r.operation_name);
    if (!chosen_operation)
        return refuse_unknown_operation(document->executable(), r.operation_name);
    if (const auto message = broken_limit(document->size(*chosen_operation), request_limits))
        return make_refusal(refusal_reason::limit, *message, code::limit);

    const auto values = count_values(*chosen_operation, r.variables);
    if (const auto message = broken_limit_of_values(values, request_limits))
        return make_refusal(refusal_reason::limit, *message, code::limit);
    auto variables = coerce_variables(schema(), document->document(), *chosen_operation, r.variables);
    if (!variables)
        return refusal{refusal_reason::variables, error_body(variables.error(), code::input)};

    auto plan = contents_->plan_for(document, *chosen_operation, *variables);
    const auto cost = plan->cost_depends_on_variables ? cost_of(*plan, *variables) : plan->cost;
    if (const auto message = broken_limit(cost, request_limits))
        return make_refusal(refusal_reason::limit, *message, code::limit);
    const auto total = sum_of(batch, document->size(*chosen_operation), cost, values);
    if (const auto message = broken_limit(total, request_limits))
        return make_refusal(refusal_reason::limit, *message, code::limit);
    batch = total;

    const auto type = chosen_operation->type;
    return operation{std::make_shared<const detail::operation_contents>(
        detail::operation_contents{std::move(document), type, std::move(plan), *std::move(variables), cost})};
}

std::size_t engine::response_estimate(const operation& o) const noexcept {
    const auto max_bytes = contents_->request_limits.response_bytes;
    const auto estimate = saturating::plus(base_bytes, saturating::times(o.contents_->cost, bytes_per_field));
    return max_bytes > 0 ? std::min(max_bytes, estimate) : estimate;
}

std::size_t engine::cached_bytes() const noexcept {
    return contents_->cache.memory();
}

awaitable<response> engine::execute(operation o, context c) const {
    return run(std::move(o), std::move(c), 0);
}

awaitable<response> engine::execute(operation o, context c, usage& batch) const {
    const auto& request_limits = contents_->request_limits;
    if (request_limits.response_bytes > 0 && batch.response_bytes > request_limits.response_bytes)
        co_return response{error_body({{responses_too_long(request_limits.response_bytes), {}}}, code::limit), true, false};
    if (!batch.deadline && request_limits.time.count() > 0)
        batch.deadline = std::chrono::steady_clock::now() + request_limits.time;
    if (batch.deadline)
        c.deadline = std::min(c.deadline, *batch.deadline);
    auto result = co_await run(std::move(o), std::move(c), batch.response_bytes);
    batch.response_bytes += result.body.size();
    co_return result;
}

awaitable<response> engine::run(operation o, context c, std::size_t used_bytes) const {
    if (o.type() == ast::operation_type::subscription)
        throw std::logic_error{"a subscription must be started with subscribe, not with execute"};
    contents_->begin(c);
    const auto& root_plan = *o.contents_->plan->root;
    auto r = o.contents_->run(contents_->schema, c);
    response_writer writer{r, contents_->request_limits.response_bytes, used_bytes};
    if (root_plan.error) {
        writer.fail(*root_plan.error);
        co_return std::move(writer).finish();
    }

    auto root = root_level(root_plan);
    level_resolver resolver{r};
    const bool is_serial = o.type() == ast::operation_type::mutation; // each root field ends before the next one begins
    if (!is_serial)
        co_await resolver.resolve(root);
    for (const auto& field : root_plan.fields) {
        if (is_serial)
            co_await resolver.resolve(root, field);
        writer.begin_root_field(root, field);
        while (!writer.write_portion())
            co_await resolver.yield_if_due();
        if (!writer.has_data())
            break;
    }
    co_return std::move(writer).finish();
}

} // namespace atrium::graphql
