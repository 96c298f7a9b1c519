#pragma once

#include "types/schema_contents.hpp"

#include <graphql/document.hpp>
#include <graphql/schema.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::graphql {

/// Builds a schema step by step. It starts with what every schema contains: the scalars, directives and introspection types of
/// the specification. The objects that it returns may be changed until `finish`, and keep their addresses. Used by one
/// thread.
///
///     schema_maker m;
///     auto& query = m.add_type(type_kind::object, "Query");
///     query.fields.push_back({.name = "hello", .type = m.find_type("String")});
///     m.set_root(ast::operation_type::query, query);
///     const auto s = m.finish();
class schema_maker {
public:
    schema_maker();
    ~schema_maker();

    void set_description(std::optional<std::string> description);
    void set_root(ast::operation_type operation, const type& t);

    /// Adds a new type, or returns the specification's own type of that name. The schema lists types in the order in which they
    /// are added.
    /// @pre no type of that name has been added before
    type& add_type(type_kind kind, std::string name);

    /// Finds added types and those of the specification.
    [[nodiscard]] type* find_type(std::string_view name) noexcept;

    /// Adds a directive. If the specification has one of that name, the new one replaces it.
    directive& add_directive(std::string name);

    /// The specification's own directives, including those that added directives replace.
    [[nodiscard]] std::span<const directive* const> standard_directives() const noexcept { return standard_directives_; }
    [[nodiscard]] const directive& standard_directive(std::string_view name) const noexcept;

    [[nodiscard]] const type& list_of(const type& t);
    [[nodiscard]] const type& non_null_of(const type& t);

    /// The type to which the reference refers. Null if the specification has no type of that name and none has been added.
    [[nodiscard]] const type* resolve(const ast::type_reference& t);

    /// Completes the schema: determines the possible types and subtypes of abstract types, and sorts names so that they can be
    /// found quickly.
    [[nodiscard]] schema finish();

    /// Makes the schema own `source`, because its definitions point to nodes of that document.
    static void keep(schema& s, document source);

private:
    schema schema_{};
    schema::contents& contents_;
    std::vector<type_entry*> named_types_{}; // all types, including the specification's own
    std::vector<const type*> added_types_{}; // in the order of `add_type`
    std::vector<const directive*> standard_directives_{};
    std::vector<const directive*> added_directives_{};

    void add_meta_fields();
    void order_types();
    void link_subtypes();
};

} // namespace atrium::graphql
