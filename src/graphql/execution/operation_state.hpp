#pragma once

#include "errors.hpp"
#include "language/locator.hpp"
#include "plan.hpp"

#include <access/requirement.hpp>
#include <graphql/arguments.hpp>
#include <graphql/context.hpp>
#include <graphql/document.hpp>

#include <boost/json/object.hpp>

#include <optional>
#include <vector>

namespace atrium::graphql {

/// The state of one operation while it runs: its plan, its variables, and the argument values that depend on them. Used by one
/// coroutine.
class operation_state {
public:
    operation_state(const document& d, const plan& p, const detail::bindings& b, const boost::json::object& variables,
                    context& c)
        : document_{d}, bindings_{b}, variables_{variables}, context_{c}, computed_arguments_(p.argument_slots) {}

    [[nodiscard]] graphql::context& context() const noexcept { return context_; }
    /// The reason why no further field may be resolved; `none` if there is no reason to stop. Also begins a slice of the
    /// request's computation.
    [[nodiscard]] engine_error cause_to_stop() const;

    /// Checks whether the client meets the requirement, which is null if nothing is required. Errors: unauthenticated,
    /// forbidden.
    [[nodiscard]] result<> check_access(const access::requirement* required) const {
        return required ? access::check(context_.principal.get(), *required) : result<>{};
    }

    /// A field's arguments, which are the same for all rows of the field. Empty if they are invalid: see `argument_error`.
    [[nodiscard]] std::optional<arguments> arguments_of(const field_plan& f);
    /// The error in the arguments of the field. Call it only after `arguments_of` has returned nothing.
    [[nodiscard]] const planned_error& argument_error(const field_plan& f) const;

private:
    struct computed_arguments {
        boost::json::object values{};
        std::optional<planned_error> error{};
    };
    const computed_arguments& compute_arguments(const argument_plan& a, const field& definition);

    const document& document_;
    const detail::bindings& bindings_;
    const boost::json::object& variables_;
    graphql::context& context_;
    std::vector<std::optional<computed_arguments>> computed_arguments_; // by slot; each is computed on first use
    std::optional<locator> locator_{}; // created with the first error, and kept because there can be very many errors
};

} // namespace atrium::graphql
