#pragma once

#include <graphql/schema_builder.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

/// What ties a schema's fields to C++: made once by schema_builder::build, read by planning.
namespace atrium::graphql::detail {

/// What becomes of the values of one C++ type that a field may have.
struct value_binding {
    leaf_writer write{};                   ///< of scalars and enums
    const graphql::type* object = nullptr; ///< of rows: their object type
    const row_key* key = nullptr;          ///< these are keys: the rows are still to be loaded
};

enum class field_way { plain, batch, stream };

struct field_binding {
    std::shared_ptr<const field_resolver> resolver{};
    field_way way = field_way::plain;
    std::vector<value_binding> values{}; ///< by the resolver's C++ types
    /// The resolver gives `reference`s: `values` are then all that these may mean.
    bool gives_references = false;
    const row_key* row = nullptr; ///< the resolver does not take its object's rows, but this key of them
    page_size page{};
    member_set reads{}; ///< all that may be looked at of the object's row

    /// What the resolver takes of an object's row.
    [[nodiscard]] const void* row_of(const void* object) const { return row ? row->of(object) : object; }

    [[nodiscard]] const plain_resolver& plain() const { return static_cast<const plain_resolver&>(*resolver); }
    [[nodiscard]] const batch_resolver& batch() const { return static_cast<const batch_resolver&>(*resolver); }
    [[nodiscard]] const stream_resolver& stream() const { return static_cast<const stream_resolver&>(*resolver); }
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

/// All that modules declared.
struct declarations {
    std::string sdl{};
    std::map<std::string, declared_object, std::less<>> objects{};
    std::vector<declared_leaf> leaves{};
    std::vector<std::string> order{}; ///< of the objects: as they were declared first
};

/// The definitions of all that is declared, as one source.
[[nodiscard]] std::string to_sdl(const declarations& all);

/// The name that a field's signature begins with.
[[nodiscard]] std::string_view name_of_signature(std::string_view signature) noexcept;

/// Ties each field to what was declared for it; takes the keys out of `all`. Throws std::logic_error with every fault found.
[[nodiscard]] std::unique_ptr<const bindings> bind(const schema& s, declarations& all);

} // namespace atrium::graphql::detail
