#include "engine_contents.hpp"
#include "levels.hpp"
#include "response_writer.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>

namespace atrium::graphql {
namespace {

/// Executes the operation's selection on each event.
class event_responses final : public response_stream {
public:
    /// @param c its deadline is replaced for each event
    event_responses(const detail::engine_contents& e, std::shared_ptr<const detail::operation_contents> o, context c,
                    std::unique_ptr<detail::erased_event_source> source, response_admission admit)
        : engine_{e}, operation_{std::move(o)}, context_{std::move(c)}, source_{std::move(source)}, admit_{std::move(admit)} {}

    awaitable<std::optional<response>> next() override {
        if (!source_)
            co_return std::nullopt;
        auto failure = engine_error::none;
        try {
            auto event = co_await source_->next();
            if (event && *event) {
                is_answering_ = true;
                if (admit_)
                    co_await admit_();
                auto result = co_await answer(std::move(**event));
                is_answering_ = false;
                co_return result;
            }
            source_.reset();
            if (event)
                co_return std::nullopt;
            has_failed_ = true;
            co_return last_response(event.error());
        } catch (...) {
            failure = classify_exception(context_, "the event source");
        }
        source_.reset();
        has_failed_ = true;
        co_return last_response(failure);
    }

    std::string resume_token() const override { return source_ && !is_answering_ ? source_->resume_token() : std::string{}; }
    bool has_failed() const override { return has_failed_; }

private:
    awaitable<response> answer(detail::erased_column event) {
        context_.deadline = std::chrono::steady_clock::time_point::max();
        engine_.begin(context_);
        auto r = operation_->run(engine_.schema, context_);
        const auto& root_plan = *operation_->plan->root;
        auto root = root_level(root_plan);
        level_resolver resolver{r};
        auto value = flatten(std::move(event));
        co_await resolver.resolve(root, root_plan.fields.front(), std::move(value));
        response_writer writer{r, engine_.request_limits.response_bytes};
        writer.begin_root_field(root, root_plan.fields.front());
        while (!writer.write_portion())
            co_await resolver.yield_if_due();
        co_return std::move(writer).finish();
    }

    template <class Failure>
    response last_response(const Failure& failure) {
        auto r = operation_->run(engine_.schema, context_);
        return response_writer{r}.refuse(operation_->plan->root->fields.front(), failure);
    }

    const detail::engine_contents& engine_;
    const std::shared_ptr<const detail::operation_contents> operation_;
    context context_;
    std::unique_ptr<detail::erased_event_source> source_; // null once the source has ended or failed
    const response_admission admit_;
    bool is_answering_ = false; ///< set while the response to an event of the source is not finished
    bool has_failed_ = false;
};

refusal_cause cause_of(const error& e) {
    return e.code == errc::unavailable ? refusal_cause::temporary : refusal_cause::request;
}

refusal_cause cause_of(engine_error t) {
    switch (t) {
    case engine_error::arguments: return refusal_cause::request;
    case engine_error::temporary:
    case engine_error::overdue:
    case engine_error::throttled: return refusal_cause::temporary;
    case engine_error::none:
    case engine_error::unknown:
    case engine_error::internal: break;
    }
    return refusal_cause::internal;
}

template <class Failure>
opened_subscription refuse(operation_state& r, const field_plan& field, const Failure& failure) {
    return unopened_subscription{response_writer{r}.refuse(field, failure).body, cause_of(failure)};
}

} // namespace

awaitable<opened_subscription> engine::subscribe(operation o, context c, response_admission admit) const {
    if (o.type() != ast::operation_type::subscription)
        throw std::logic_error{"only a subscription can be subscribed to"};
    contents_->begin(c);
    auto r = o.contents_->run(contents_->schema, c);
    const auto& root_plan = *o.contents_->plan->root;
    if (root_plan.fields.empty() ||
        !root_plan.fields.front().binding) { // the root field is excluded by @skip, or has no resolver
        const located_error nothing{"There is nothing to subscribe to.", {}};
        co_return unopened_subscription{error_body({nothing}, code::operation), refusal_cause::request};
    }
    const auto& field = root_plan.fields.front();

    if (const auto allowed = r.check_access(field.binding->requirement); !allowed)
        co_return refuse(r, field, allowed.error());
    const auto arguments = r.arguments_of(field);
    if (!arguments)
        co_return refuse(r, field, engine_error::arguments);
    auto failure = engine_error::none;
    const selection selected{field.below};
    const field_call call{*arguments, selected, c, field.key};
    try {
        auto source = co_await (*field.binding->for_stream())(call);
        if (!source)
            co_return refuse(r, field, source.error());
        co_return std::make_unique<event_responses>(*contents_, o.contents_, std::move(c), *std::move(source),
                                                    std::move(admit));
    } catch (...) {
        failure = classify_exception(c, field.coordinate());
    }
    co_return refuse(r, field, failure);
}

} // namespace atrium::graphql
