#pragma once

#include "validation/context.hpp"

/// Rules about literals. Each class implements the rule with the same name in the specification and in graphql-js.
namespace atrium::graphql::validation {

class values_of_correct_type : public rule {
public:
    using rule::rule;
    step enter(const ast::value& v);
    void enter(const ast::object_field& f);

private:
    step enter_object(const ast::value& v);
    void check_fields(const ast::value& v, const type& t);
    void check_leaf(const ast::value& v);
    void check_enum(const ast::value& v, const type& t);
    void report_unexpected(const ast::value& v, const type& expected);
};

} // namespace atrium::graphql::validation
