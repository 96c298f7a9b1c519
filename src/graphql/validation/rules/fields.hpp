#pragma once

#include "validation/context.hpp"

/// Rules about fields. Each class is a rule of its name in the specification and graphql-js.
namespace atrium::graphql::validation {

struct scalar_leafs : rule {
    using rule::rule;
    void enter(const ast::field& f);
};

struct fields_on_correct_type : rule {
    using rule::rule;
    void enter(const ast::field& f);
};

/// A field's arguments; those of directives are checked by rules that SDL shares.
struct known_argument_names_on_fields : rule {
    using rule::rule;
    void enter(const ast::argument& a, ast_path path);
};

/// Speaks on leaving a field, so that what is wrong inside it comes first.
struct provided_required_arguments_on_fields : rule {
    using rule::rule;
    void leave(const ast::field& f);
};

} // namespace atrium::graphql::validation
