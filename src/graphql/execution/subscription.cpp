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
    /// @param c its deadline is each event's own
    event_responses(const detail::engine_contents& e, std::shared_ptr<const detail::operation_contents> o, context c,
                    std::unique_ptr<detail::any_event_source> source)
        : engine_{e}, operation_{std::move(o)}, context_{std::move(c)}, source_{std::move(source)} {}

    awaitable<std::optional<response>> next() override {
        if (!source_)
            co_return std::nullopt;
        auto failure = trouble::none;
        try {
            auto event = co_await source_->next();
            if (event && *event)
                co_return co_await answer(std::move(**event));
            source_.reset();
            if (event)
                co_return std::nullopt;
            co_return last_response(event.error());
        } catch (...) {
            failure = trouble_of_exception(context_, "the source of events");
        }
        source_.reset();
        co_return last_response(failure);
    }

private:
    awaitable<response> answer(detail::any_column event) {
        context_.deadline = std::chrono::steady_clock::time_point::max();
        engine_.begin(context_);
        auto r = operation_->run(engine_.schema, context_);
        const auto& root_plan = *operation_->plan->root;
        auto root = root_level(root_plan);
        level_resolver resolver{r};
        co_await resolver.resolve(root, root_plan.fields.front(), std::move(event));
        response_writer writer{r, engine_.allowed.response_bytes};
        static_cast<void>(writer.write_root_field(root, root_plan.fields.front()));
        co_return std::move(writer).finish();
    }

    template <class Why>
    response last_response(const Why& why) {
        auto r = operation_->run(engine_.schema, context_);
        return response_writer{r}.refuse(operation_->plan->root->fields.front(), why);
    }

    const detail::engine_contents& engine_;
    const std::shared_ptr<const detail::operation_contents> operation_;
    context context_;
    std::unique_ptr<detail::any_event_source> source_; // null once it has ended
};

} // namespace

awaitable<boost::system::result<std::unique_ptr<response_stream>, response>> engine::subscribe(operation o, context c) const {
    using opened = boost::system::result<std::unique_ptr<response_stream>, response>;
    const auto refused = [](response why) { return opened{boost::system::in_place_error, std::move(why)}; };
    if (o.type() != ast::operation_type::subscription)
        throw std::logic_error{"only a subscription can be subscribed to"};
    contents_->begin(c);
    auto r = o.contents_->run(contents_->schema, c);
    const auto& root_plan = *o.contents_->plan->root;
    if (root_plan.fields.empty() || !root_plan.fields.front().binding) { // @skip, or a field that nobody serves
        const located_error nothing{"There is nothing to subscribe to.", {}};
        co_return refused({error_body({nothing}, code::operation), true, false});
    }
    const auto& field = root_plan.fields.front();

    const auto arguments = r.arguments_of(field);
    if (!arguments)
        co_return refused(response_writer{r}.refuse(field, trouble::arguments));
    auto failure = trouble::none;
    const selection selected{field.below};
    const detail::field_call call{*arguments, selected, c};
    try {
        auto source = co_await field.binding->stream().open(call);
        if (!source)
            co_return refused(response_writer{r}.refuse(field, source.error()));
        co_return std::make_unique<event_responses>(*contents_, o.contents_, std::move(c), *std::move(source));
    } catch (...) {
        failure = trouble_of_exception(c, field.coordinate());
    }
    co_return refused(response_writer{r}.refuse(field, failure));
}

} // namespace atrium::graphql
