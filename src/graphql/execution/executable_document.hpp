#pragma once

#include "bindings.hpp"

#include <graphql/document.hpp>
#include <graphql/schema.hpp>

#include <boost/json/object.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::graphql {

/// A valid document of operations and fragments (specification, section 2.2), with the information that is needed to execute
/// any of its operations. Never changes; any thread may read it. The arguments of the constructor must outlive it.
class executable_document {
public:
    executable_document(const graphql::document& d, const graphql::schema& s, const detail::bindings& b);

    [[nodiscard]] const graphql::document& document() const noexcept { return document_; }
    [[nodiscard]] const graphql::schema& schema() const noexcept { return schema_; }
    [[nodiscard]] const detail::bindings& bindings() const noexcept { return bindings_; }

    /// Null if there is no fragment of that name.
    [[nodiscard]] const ast::fragment_definition* fragment(std::string_view name) const;

    /// The operation of that name; without a name, the only operation. Null if there is no such operation.
    [[nodiscard]] const ast::operation* operation(std::optional<std::string_view> name) const;
    [[nodiscard]] std::size_t operation_count() const noexcept { return operations_.size(); }

    /// The values of the variables that @skip and @include use, one character each: 't', 'f', 'n' for null, '-' if absent.
    /// Requests that run the same operation and for which this returns the same string have the same plan.
    [[nodiscard]] std::string condition_values(const boost::json::object& variables) const;

private:
    const graphql::document& document_;
    const graphql::schema& schema_;
    const detail::bindings& bindings_;
    std::vector<const ast::operation*> operations_;
    std::map<std::string_view, const ast::fragment_definition*> fragments_;
    std::vector<std::string_view> deciding_variables_; // sorted
};

} // namespace atrium::graphql
