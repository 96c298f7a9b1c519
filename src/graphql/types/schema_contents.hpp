#pragma once

#include <graphql/document.hpp>
#include <graphql/schema.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace atrium::graphql {

/// A type as a schema stores it. The members that are added to those of `type` are internal to the schema.
struct type_entry : type {
    explicit type_entry(type t) : type{std::move(t)} {}

    std::vector<const type*> subtypes{}; ///< for an abstract type: objects and interfaces, sorted by address
    /// The list and non-null types around this one; created on first use.
    mutable std::atomic<const type_entry*> list{nullptr};
    mutable std::atomic<const type_entry*> non_null{nullptr};
};

struct schema::contents {
    std::optional<std::string> description{};
    std::array<const type*, 3> roots{}; // by ast::operation_type
    std::vector<const type*> types{};
    std::unordered_map<std::string_view, const type*> types_by_name{};
    std::deque<directive> all_directives{}; // including those of the specification that a document replaces
    std::vector<const directive*> directives{};
    field typename_field{};
    field schema_field{};
    field type_field{};
    bool is_hidden = false;
    std::optional<document> source{}; // the definitions are nodes of this document

    // A deque, so that addresses are stable. Also contains types that are not in `types`. Any thread may add the types to which
    // a document refers.
    mutable std::deque<type_entry> entries{};
    mutable std::mutex entries_mutex{};
    mutable std::size_t deep_types = 0; // number of types with more than two nested lists that were created

    /// Returns `[inner]` or `inner!`, which is created on first use. If `is_shallow` is false, a new type counts as a deep one;
    /// null if the schema already has the maximum number of these.
    const type* wrap(type_kind kind, const type& inner, bool is_shallow = true) const;
};

} // namespace atrium::graphql
