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

/// Puts a schema together, piece by piece. Begins with what every schema has: the scalars, directives and introspection types
/// of the specification. What it hands out may be changed until `finish`, and stays where it is. One thread.
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

    /// A new type, or the specification's own where it has one of that name. Types stand in the schema in the order in which
    /// they are added.
    /// @pre not added before
    type& add_type(type_kind kind, std::string name);

    /// Added ones and the specification's own.
    [[nodiscard]] type* find_type(std::string_view name) noexcept;

    /// Hides the specification's own directive of that name.
    directive& add_directive(std::string name);

    /// The specification's own, whatever has been added.
    [[nodiscard]] std::span<const directive* const> standard_directives() const noexcept { return standard_directives_; }
    [[nodiscard]] const directive& standard_directive(std::string_view name) const noexcept;

    [[nodiscard]] const type& list_of(const type& t);
    [[nodiscard]] const type& non_null_of(const type& t);

    /// Null where the name is not (yet) that of a type.
    [[nodiscard]] const type* resolve(const ast::type_reference& t);

    /// Which types an abstract type may be (`possible_types`, `is_subtype`) is known from now on, and names are found quickly.
    [[nodiscard]] schema finish();

    /// Gives a schema the document whose nodes its definitions are.
    static void keep(schema& s, document source);

private:
    schema schema_{};
    schema::contents& contents_;
    std::vector<type_entry*> named_{}; // all, the specification's own included
    std::vector<const type*> added_{}; // in order
    std::vector<const directive*> standard_directives_{};
    std::vector<const directive*> added_directives_{};

    void add_meta_fields();
    void order_types();
    void link_subtypes();
};

} // namespace atrium::graphql
