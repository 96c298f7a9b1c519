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

#include <tuple>

namespace atrium::graphql {

located_errors validate(const schema& s, const document& d) {
    using namespace validation;
    context c{s, d};
    // The rules of graphql-js 16, in its order, and known_operation_types, which 17 has: if several find an error at one node,
    // their errors come in this order.
    std::tuple rules{
        executable_definitions{c},
        known_operation_types{c},
        unique_operation_names{c},
        lone_anonymous_operation{c},
        single_field_subscriptions{c},
        known_type_names{&s, d, c.log},
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
        no_introspection_of_hidden_schema{c}, // not in graphql-js's specified rules
    };
    std::apply([&](auto&... each) { walker{c, each...}.walk(d); }, rules);
    return c.log.take();
}

} // namespace atrium::graphql
