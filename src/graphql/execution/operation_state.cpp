#include "operation_state.hpp"

#include "types/values.hpp"

#include <chrono>

namespace atrium::graphql {

engine_error operation_state::cause_to_stop() const {
    const auto now = std::chrono::steady_clock::now();
    if (now >= context_.deadline)
        return engine_error::overdue;
    if (!context_.work)
        return engine_error::none;
    context_.work->begin_slice(now);
    switch (context_.work->cause_to_stop(now)) {
    case computation::stop_cause::none: break;
    case computation::stop_cause::limit: return engine_error::overdue;
    case computation::stop_cause::client: return engine_error::throttled;
    }
    return engine_error::none;
}

std::optional<arguments> operation_state::arguments_of(const field_plan& f) {
    const auto& plan = f.arguments;
    if (plan.values)
        return arguments{*plan.values, bindings_.readers};
    if (plan.error)
        return std::nullopt;
    const auto& computed = compute_arguments(plan, *f.definition);
    return computed.error ? std::nullopt : std::optional{arguments{computed.values, bindings_.readers}};
}

const planned_error& operation_state::argument_error(const field_plan& f) const {
    return f.arguments.error ? *f.arguments.error : *computed_arguments_[f.arguments.slot]->error;
}

const operation_state::computed_arguments& operation_state::compute_arguments(const argument_plan& a, const field& definition) {
    auto& slot = computed_arguments_[a.slot];
    if (slot)
        return *slot;
    auto values = coerce_arguments(definition.arguments, a.nodes, a.place, &variables_);
    if (values)
        return slot.emplace(computed_arguments{*std::move(values), std::nullopt});
    if (!locator_)
        locator_.emplace(document_.source());
    return slot.emplace(computed_arguments{{}, planned_error{values.error().message, locator_->locate(values.error().place)}});
}

} // namespace atrium::graphql
