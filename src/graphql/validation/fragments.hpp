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

/// A fragment's name in one document, whether it is defined or only spread. Numbers from 0, dense.
using fragment_id = std::uint32_t;

/// The fragments of one document: who they are, whom they spread, and how much may be spent on following spreads.
class fragments {
public:
    fragments(const document& d, error_log& log);

    [[nodiscard]] std::size_t names() const noexcept { return definitions_.size(); } ///< ids are below
    [[nodiscard]] fragment_id id(const ast::fragment_spread& s) const { return ids_.at(s.name.text); }
    [[nodiscard]] fragment_id id(const ast::fragment_definition& f) const { return ids_.at(f.name.text); }

    /// Null where nothing defines it. Of two with one name (an error by itself) the last.
    [[nodiscard]] const ast::fragment_definition* find(fragment_id id) const noexcept { return definitions_[id]; }
    [[nodiscard]] const ast::fragment_definition* find(const ast::fragment_spread& s) const { return find(id(s)); }

    /// The spreads in a selection set and all below it, not those in the fragments that they name.
    [[nodiscard]] std::span<const ast::fragment_spread* const> spreads(const ast::selection_set& s);

    using list = std::vector<const ast::fragment_definition*>;
    /// All fragments that these operations use, through other fragments as well. The same list, at the same address, for
    /// operations that begin with the same ones. Empty once the allowance is spent.
    [[nodiscard]] const list& used_by(std::span<const ast::operation* const> operations);

    /// Following spreads costs, as in graphql-js: operations times fragments can be many more than the document has nodes. Once
    /// the document's allowance is spent its validation ends with an error; false says so.
    bool spend(std::size_t cost);

private:
    error_log& log_;
    std::size_t allowance_ = 50'000;
    std::unordered_map<std::string_view, fragment_id> ids_{};
    std::vector<const ast::fragment_definition*> definitions_{}; // by id
    std::unordered_map<const ast::selection_set*, std::vector<const ast::fragment_spread*>> spreads_{};
    std::map<std::vector<fragment_id>, list> used_{}; // by the sorted ids of those that the operations spread themselves

    void add(std::string_view name, const ast::fragment_definition* definition);
    [[nodiscard]] list follow(std::vector<fragment_id> from);
};

} // namespace atrium::graphql::validation
