#pragma once

#include "validation/context.hpp"

/// Rules about variables. Each class implements the rule with the same name in the specification and in graphql-js.
namespace atrium::graphql::validation {

struct variables_are_input_types : rule {
    using rule::rule;
    void enter(const ast::variable_definition& v);
};

struct unique_variable_names : rule {
    using rule::rule;
    void enter(const ast::operation& o);
};

/// This rule and the next two check all fragments that an operation uses, so they report errors when the walk leaves the
/// operation.
struct no_undefined_variables : rule {
    using rule::rule;
    void leave(const ast::operation& o);
};

struct no_unused_variables : rule {
    using rule::rule;
    void leave(const ast::operation& o);
};

struct variables_in_allowed_position : rule {
    using rule::rule;
    void leave(const ast::operation& o);
};

} // namespace atrium::graphql::validation
