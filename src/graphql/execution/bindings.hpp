#pragma once

#include "declared.hpp"

#include <graphql/schema.hpp>
#include <graphql/schema_builder.hpp>

#include <deque>
#include <memory>
#include <unordered_map>
#include <variant>
#include <vector>

/// Connects a schema's fields to C++. Created once by schema_builder::build, and read whenever an operation is planned.
namespace atrium::graphql::detail {

/// How the engine processes values of a field that have a certain C++ type.
struct value_binding {
    leaf_writer write{};                   ///< for scalars and enums
    const graphql::type* object = nullptr; ///< for rows: their object type
    const row_key* key = nullptr;          ///< if not null, the values are keys, whose rows must be loaded
    /// What clients need for these keys, if the type of the field is an interface or a union; null if they need nothing.
    const access::requirement* requirement = nullptr;
};

struct field_binding {
    std::shared_ptr<const detail::resolver> resolver{};
    std::vector<value_binding> values{}; ///< one for each of the contents of the resolver's value_type
    /// Whether the resolver returns `reference`s. If it does, `values` has an entry for each type to which they may refer.
    bool returns_references = false;
    const row_key* key = nullptr; ///< if not null, the resolver takes this key of the object's rows instead of the rows
    page_size page{};
    const access::requirement* requirement = nullptr; ///< the requirement of the field; null if it has none
    member_set reads{};                               ///< all members of the object's row that the resolver may read

    /// What the resolver takes for a row of the object: the row itself, or its key.
    [[nodiscard]] const void* input_of(const void* row) const { return key ? key->key_of(row) : row; }

    // Null if the resolver is of another kind.
    [[nodiscard]] const member_offset* member() const { return std::get_if<member_offset>(&resolver->function); }
    [[nodiscard]] const row_function* for_row() const { return std::get_if<row_function>(&resolver->function); }
    [[nodiscard]] const batch_function* for_batch() const { return std::get_if<batch_function>(&resolver->function); }
    [[nodiscard]] const stream_function* for_stream() const { return std::get_if<stream_function>(&resolver->function); }

    /// Whether the resolver may wait for its values.
    [[nodiscard]] bool waits() const { return for_batch() || for_stream(); }
};

struct bindings {
    std::unordered_map<const graphql::field*, field_binding> fields{};
    input_readers readers{};
    std::vector<std::unique_ptr<const row_key>> keys{}; ///< the keys that field bindings point to
    std::deque<access::requirement> requirements{};     ///< the requirements that field and value bindings point to

    /// Null for a field without a resolver: `__typename`, and the introspection fields of a schema without introspection.
    [[nodiscard]] const field_binding* find(const graphql::field& f) const {
        const auto found = fields.find(&f);
        return found == fields.end() ? nullptr : &found->second;
    }
};

/// Binds each field to its declaration; moves the keys out of `declared`. Throws a std::logic_error that lists all errors.
[[nodiscard]] std::unique_ptr<const bindings> bind(const schema& s, declarations& declared);

} // namespace atrium::graphql::detail
