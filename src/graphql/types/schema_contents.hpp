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

/// Every type of a schema is one of these; what follows `type` is the schema's own.
struct type_entry : type {
    explicit type_entry(type t) : type{std::move(t)} {}

    std::vector<const type*> subtypes{}; ///< of an abstract type: objects and interfaces, sorted by address
    /// The types around this one, once somebody has asked for them.
    mutable std::atomic<const type_entry*> list{nullptr};
    mutable std::atomic<const type_entry*> non_null{nullptr};
};

struct schema::contents {
    std::optional<std::string> description{};
    std::array<const type*, 3> roots{}; // by ast::operation_type
    std::vector<const type*> types{};
    std::unordered_map<std::string_view, const type*> types_by_name{};
    std::deque<directive> all_directives{};
    std::vector<const directive*> directives{};
    field typename_field{};
    field schema_field{};
    field type_field{};
    bool is_hidden = false;
    std::optional<document> source{}; // whose nodes the definitions are

    // Deques, so that addresses stay; types that `types` does not show stand here too. Those that documents add: by any thread.
    mutable std::deque<type_entry> entries{};
    mutable std::mutex adding{};
    mutable std::size_t deep_lists = 0;

    /// `[inner]` or `inner!`, which is made where there is none. `freely`: else it counts as one of the deep lists, of which
    /// there are only so many.
    const type* wrap(type_kind kind, const type& inner, bool freely = true) const;
};

} // namespace atrium::graphql
