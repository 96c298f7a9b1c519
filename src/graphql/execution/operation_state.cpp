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
    const auto& planned = f.arguments;
    if (planned.values)
        return arguments{*planned.values, bindings_.readers};
    if (planned.error)
        return std::nullopt;
    const auto& now = make(planned, *f.definition);
    return now.error ? std::nullopt : std::optional{arguments{now.values, bindings_.readers}};
}

const planned_error& operation_state::argument_error(const field_plan& f) const {
    return f.arguments.error ? *f.arguments.error : *argument_values_[f.arguments.slot]->error;
}

const operation_state::made& operation_state::make(const argument_plan& a, const field& definition) {
    auto& slot = argument_values_[a.slot];
    if (slot)
        return *slot;
    auto values = coerce_arguments(definition.arguments, a.given, a.place, &variables_);
    if (values)
        return slot.emplace(made{*std::move(values), std::nullopt});
    if (!places_)
        places_.emplace(document_.source());
    return slot.emplace(made{{}, planned_error{values.error().message, places_->at(values.error().place)}});
}

} // namespace atrium::graphql
