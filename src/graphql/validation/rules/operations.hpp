#pragma once

#include "validation/context.hpp"

#include <cstddef>
#include <string_view>
#include <unordered_map>

/// Rules about operations. Each class implements the rule with the same name in the specification and in graphql-js.
namespace atrium::graphql::validation {

struct executable_definitions : rule {
    using rule::rule;
    void enter(const document& d);
};

struct known_operation_types : rule {
    using rule::rule;
    void enter(const ast::operation& o);
};

class unique_operation_names : public rule {
public:
    using rule::rule;
    void enter(const ast::operation& o);

private:
    std::unordered_map<std::string_view, ast::name> first_names_{};
};

class lone_anonymous_operation : public rule {
public:
    using rule::rule;
    void enter(const document& d);
    void enter(const ast::operation& o);

private:
    std::size_t operation_count_ = 0;
};

/// Also rejects introspection fields, @skip and @include at the root of a subscription.
class single_field_subscriptions : public rule {
public:
    using rule::rule;
    void enter(const ast::operation& o);

private:
    /// True once the search for fragments has been charged to the document's allowance (`fragments::spend`). It is charged
    /// once.
    bool is_search_charged_ = false;
};

} // namespace atrium::graphql::validation
