#include "language/walk.hpp"
#include "types/shared_rules.hpp"
#include "validation/context.hpp"
#include "validation/rules/fields.hpp"
#include "validation/rules/fragments.hpp"
#include "validation/rules/introspection_depth.hpp"
#include "validation/rules/operations.hpp"
#include "validation/rules/overlapping_fields.hpp"
#include "validation/rules/values.hpp"
#include "validation/rules/variables.hpp"

#include <graphql/validation.hpp>

#include <memory>
#include <tuple>
#include <utility>

namespace atrium::graphql {

namespace {

using namespace validation;

/// The number of nodes or comparisons that one call of `validator::advance` processes. Each takes a few hundred nanoseconds.
constexpr int steps_per_call = 500;

/// The rules of graphql-js 16 in the same order, with two additions: known_operation_types, a rule of graphql-js 17, and
/// no_introspection_of_hidden_schema. If several rules find an error at one node, their errors come in this order.
auto make_rules(context& c) {
    return std::tuple{
        executable_definitions{c},
        known_operation_types{c},
        unique_operation_names{c},
        lone_anonymous_operation{c},
        single_field_subscriptions{c},
        known_type_names{&c.schema, c.document, c.log},
        fragments_on_composite_types{c},
        variables_are_input_types{c},
        scalar_leafs{c},
        fields_on_correct_type{c},
        unique_fragment_names{c},
        known_fragment_names{c},
        no_unused_fragments{c},
        possible_fragment_spreads{c},
        no_fragment_cycles{c},
        unique_variable_names{c},
        no_undefined_variables{c},
        no_unused_variables{c},
        known_directives{c.directives, c.log},
        unique_directives_per_location{c.directives, c.log},
        known_argument_names_on_directives{c.directives, c.log},
        known_argument_names_on_fields{c},
        unique_argument_names{c.log},
        values_of_correct_type{c},
        provided_required_arguments_on_directives{c.directives, c.log},
        provided_required_arguments_on_fields{c},
        variables_in_allowed_position{c},
        overlapping_fields_can_be_merged{c},
        unique_input_field_names{c.log},
        max_introspection_depth{c},
        no_introspection_of_hidden_schema{c}, // graphql-js has this rule as well, but not in its list of specified rules
    };
}
using all_rules = decltype(make_rules(std::declval<context&>()));

auto make_walker(context& c, all_rules& rules) {
    return std::apply([&c](auto&... rule) { return walker{c, rule...}; }, rules);
}
using whole_walk = decltype(make_walker(std::declval<context&>(), std::declval<all_rules&>()));

} // namespace

struct validator::state {
    state(const schema& s, const document& d) : c{s, d} { walk.begin(d); }

    bool advance() {
        auto& comparisons = std::get<overlapping_fields_can_be_merged>(rules);
        if (!comparisons.is_comparing())
            return walk.advance();
        comparisons.compare_next();
        return true;
    }

    context c;
    all_rules rules = make_rules(c);
    whole_walk walk = make_walker(c, rules);
};

validator::validator(const schema& s, const document& d) : state_{std::make_unique<state>(s, d)} {}
validator::~validator() = default;

bool validator::advance() {
    for (int i = 0; i < steps_per_call; ++i)
        if (!state_->advance())
            return false;
    return true;
}

located_errors validator::take() {
    return state_->c.log.take();
}

located_errors validate(const schema& s, const document& d) {
    validator v{s, d};
    while (v.advance())
        ;
    return v.take();
}

} // namespace atrium::graphql
