#pragma once

#include "validation/context.hpp"

/// Rules about fields. Each class implements the rule with the same name in the specification and in graphql-js.
namespace atrium::graphql::validation {

struct scalar_leafs : rule {
    using rule::rule;
    void enter(const ast::field& f);
};

struct fields_on_correct_type : rule {
    using rule::rule;
    void enter(const ast::field& f);
};

/// Checks only the arguments of fields. Rules that are shared with SDL check those of directives.
struct known_argument_names_on_fields : rule {
    using rule::rule;
    void enter(const ast::argument& a, ast_path path);
};

/// Reports missing arguments when the walk leaves a field, so that errors inside the field come first.
struct provided_required_arguments_on_fields : rule {
    using rule::rule;
    void leave(const ast::field& f);
};

} // namespace atrium::graphql::validation
