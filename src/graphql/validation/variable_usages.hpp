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
    const type* expected; ///< null if it is unknown
    bool has_default;     ///< the argument or input field at that place has a default
    /// The expected type of the list or object that contains the variable. Null if there is none, or if the type is unknown.
    const type* enclosing_type;
};

/// The places at which the operations of one document use variables.
class variable_usages {
public:
    variable_usages(const schema& s, fragments& f) : schema_{s}, fragments_{f} {}

    using list = std::vector<variable_usage>;
    /// The usages in the operation, then in all fragments that it uses. Incomplete or empty if the allowance of
    /// `fragments::spend` does not suffice; the validation then ends with an error.
    [[nodiscard]] const list& usages_of(const ast::operation& o);

private:
    const schema& schema_;
    fragments& fragments_;
    std::unordered_map<const ast::node*, list> usages_by_definition_{};
    std::unordered_map<const fragments::list*, list> usages_by_fragments_{};
    std::unordered_map<const ast::operation*, list> usages_by_operation_{};

    [[nodiscard]] const list& usages_of_definition(const ast::node& definition);
    [[nodiscard]] const list& usages_of_fragments(const fragments::list& definitions);
};

} // namespace atrium::graphql::validation
