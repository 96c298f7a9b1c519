#pragma once

#include "declared.hpp"

#include <graphql/schema.hpp>
#include <graphql/schema_builder.hpp>

#include <memory>
#include <unordered_map>
#include <variant>
#include <vector>

/// What ties a schema's fields to C++: made once by schema_builder::build, read by planning.
namespace atrium::graphql::detail {

/// What becomes of the values of one C++ type that a field may have.
struct value_binding {
    leaf_writer write{};                   ///< of scalars and enums
    const graphql::type* object = nullptr; ///< of rows: their object type
    const row_key* key = nullptr;          ///< these are keys: the rows are still to be loaded
};

struct field_binding {
    std::shared_ptr<const detail::resolver> resolver{};
    std::vector<value_binding> values{}; ///< by the contents of the resolver's values
    /// The resolver gives `reference`s: `values` are then all that these may mean.
    bool gives_references = false;
    const row_key* row = nullptr; ///< the resolver does not take its object's rows, but this key of them
    page_size page{};
    member_set reads{}; ///< all that may be looked at of the object's row

    /// What the resolver takes of an object's row.
    [[nodiscard]] const void* row_of(const void* object) const { return row ? row->of(object) : object; }

    // Null if the resolver is of another kind.
    [[nodiscard]] const member_offset* member() const { return std::get_if<member_offset>(&resolver->function); }
    [[nodiscard]] const row_function* for_row() const { return std::get_if<row_function>(&resolver->function); }
    [[nodiscard]] const batch_function* for_batch() const { return std::get_if<batch_function>(&resolver->function); }
    [[nodiscard]] const stream_function* for_stream() const { return std::get_if<stream_function>(&resolver->function); }

    /// Whether values must be waited for.
    [[nodiscard]] bool waits() const { return for_batch() || for_stream(); }
};

struct bindings {
    std::unordered_map<const graphql::field*, field_binding> fields{};
    input_readers readers{};
    std::vector<std::unique_ptr<const row_key>> keys{}; ///< those that field bindings point to

    /// Null for a field without a resolver: one of introspection, in a schema that does not serve it.
    [[nodiscard]] const field_binding* find(const graphql::field& f) const {
        const auto found = fields.find(&f);
        return found == fields.end() ? nullptr : &found->second;
    }
};

/// Ties each field to what was declared for it; takes the keys out of `all`. Throws std::logic_error with every fault found.
[[nodiscard]] std::unique_ptr<const bindings> bind(const schema& s, declarations& all);

} // namespace atrium::graphql::detail
