#pragma once

#include "validation/fragments.hpp"

#include <graphql/document.hpp>
#include <graphql/schema.hpp>

#include <unordered_map>
#include <vector>

namespace atrium::graphql::validation {

/// One place at which a variable is used as a value.
struct variable_usage {
    const ast::value* variable;
    const type* expected;     ///< null if it is unknown
    bool has_default;         ///< the argument or input field at that place has a default
    const type* parent_input; ///< the expected type of the enclosing value
};

/// The places at which the operations of one document use variables.
class variable_usages {
public:
    variable_usages(const schema& s, fragments& f) : schema_{s}, fragments_{f} {}

    using list = std::vector<variable_usage>;
    /// The usages in the operation, then in all fragments that it uses. Empty once the allowance for following fragments is
    /// used up.
    [[nodiscard]] const list& in(const ast::operation& o);

private:
    const schema& schema_;
    fragments& fragments_;
    std::unordered_map<const ast::node*, list> in_definitions_{};
    std::unordered_map<const fragments::list*, list> in_fragments_{};
    std::unordered_map<const ast::operation*, list> in_operations_{};

    [[nodiscard]] const list& in_definition(const ast::node& definition);
    [[nodiscard]] const list& in_all(const fragments::list& definitions);
};

} // namespace atrium::graphql::validation
