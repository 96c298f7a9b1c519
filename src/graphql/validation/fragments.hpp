#pragma once

#include "types/error_log.hpp"

#include <graphql/document.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace atrium::graphql::validation {

/// The number of a fragment name in one document, whether the fragment is defined or only spread. Numbers start at 0 and have
/// no gaps.
using fragment_id = std::uint32_t;

/// The fragments of one document, the fragments that they spread, and the limit on the effort to follow spreads.
class fragments {
public:
    fragments(const document& d, error_log& log);

    [[nodiscard]] std::size_t name_count() const noexcept { return definitions_.size(); } ///< ids are less than this
    [[nodiscard]] fragment_id id(const ast::fragment_spread& s) const { return ids_.at(s.name.text); }
    [[nodiscard]] fragment_id id(const ast::fragment_definition& f) const { return ids_.at(f.name.text); }

    /// Null if the fragment is not defined. If a name is defined twice (a separate error), the last definition counts.
    [[nodiscard]] const ast::fragment_definition* find(fragment_id id) const noexcept { return definitions_[id]; }
    [[nodiscard]] const ast::fragment_definition* find(const ast::fragment_spread& s) const { return find(id(s)); }

    /// The spreads in a selection set and everything below it, but not those inside the spread fragments.
    [[nodiscard]] std::span<const ast::fragment_spread* const> spreads(const ast::selection_set& s);

    using list = std::vector<const ast::fragment_definition*>;
    /// All fragments that these operations use, directly or through other fragments. Operations that spread the same fragments
    /// share one list, at the same address. A list is empty if the allowance (see `spend`) does not suffice to complete it.
    [[nodiscard]] const list& fragments_of(std::span<const ast::operation* const> operations);

    /// Takes `cost` from the document's allowance for following spreads. The allowance exists because the number of operations
    /// times the number of fragments can be far larger than the document. If `cost` is more than the rest of the allowance,
    /// ends the validation with an error and returns false, as in graphql-js.
    bool spend(std::size_t cost);

private:
    error_log& log_;
    std::size_t allowance_ = 50'000;
    std::unordered_map<std::string_view, fragment_id> ids_{};
    std::vector<const ast::fragment_definition*> definitions_{}; // by id
    std::unordered_map<const ast::selection_set*, std::vector<const ast::fragment_spread*>> spreads_{};
    std::map<std::vector<fragment_id>, list>
        lists_{}; // the results of `fragments_of`, by the sorted ids of the operations' own spreads

    void add(std::string_view name, const ast::fragment_definition* definition);
    [[nodiscard]] list find_reachable(std::vector<fragment_id> pending);
};

} // namespace atrium::graphql::validation
