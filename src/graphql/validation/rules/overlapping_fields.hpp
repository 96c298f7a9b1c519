#pragma once

#include "validation/context.hpp"
#include "validation/rules/field_sets.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace atrium::graphql::validation {

/// Fields with one response key must be mergeable: the same field, with the same arguments, of types that agree.
///
/// Everything that stands under one key is compared in pairs: the fields of a selection set with each other, with those of each
/// fragment spread in it, those of each two such fragments, and so on down the selections of each pair. What keeps this from
/// growing with the square of the document, or worse:
/// - field sets are collected once, two sets are matched by key once, two fragments are compared once, a set and a fragment
/// once;
/// - what is compared nevertheless draws on an allowance for the whole document, as in graphql-js, whose end ends the
/// validation.
///
/// Comparisons are kept on an agenda instead of calling each other, so that a chain of fragments of any length is followed, and
/// that others can work in between: at a selection set the agenda is begun, and who walks calls `go_on` before the next node.
class overlapping_fields_can_be_merged : public rule {
public:
    explicit overlapping_fields_can_be_merged(context& c) : rule{c}, sets_{c} {}
    void enter(const ast::selection_set& s, ast_path path);

    [[nodiscard]] bool is_comparing() const noexcept { return !agenda_.empty(); }
    void go_on();

private:
    /// Why fields under one key cannot be merged. Of many in one place only as many are kept as can be reported.
    struct conflict {
        std::string_view key;
        std::string reason;
        std::vector<const ast::field*> left;
        std::vector<const ast::field*> right;
    };
    using conflicts = std::vector<conflict>;

    /// The fields of a key that two sets have.
    struct overlap {
        const field_set::group* left;
        const field_set::group* right;
    };
    /// Some of `overlaps_`: from the first up to the last, which is none of them.
    struct overlap_range {
        std::size_t first, last;
    };

    // The agenda, last in first out. Each entry is a loop that takes its next step; what that step leads to goes on top.
    // Fragments are named by places in `field_set::spreads`, which stay.

    /// Each two fields of one key.
    struct within {
        const field_set::group* group;
        std::size_t left = 0, right = 1;
    };
    /// Each field of the left with each of the right, key by key.
    struct between {
        overlap_range overlaps;
        bool exclusive; ///< no object can have both: names and arguments may differ
        std::size_t left = 0, right = 0;
    };
    /// A set with each of these fragments.
    struct with_fragments {
        const field_set* set;
        std::span<const fragment_id> fragments;
        bool exclusive;
    };
    /// Each of the left fragments with each of the right.
    struct fragments_between {
        std::span<const fragment_id> left, right;
        bool exclusive;
        std::size_t next = 0; ///< of the right, for the first of the left
    };
    /// A set with the fragments spread in it, and each two of these with each other.
    struct fragments_within {
        const field_set* set;
        std::size_t next = 0;
    };
    /// Of what was found below two fields, make one conflict of theirs.
    struct gather {
        std::string_view key;
        const ast::field* left;
        const ast::field* right;
    };
    using entry = std::variant<within, between, with_fragments, fragments_between, fragments_within, gather>;

    void take(within loop);
    void take(between loop);
    void take(with_fragments loop);
    void take(fragments_between loop);
    void take(fragments_within loop);
    void take(gather fields);

    // Each looks at what is near, and puts what is further on the agenda.
    void compare(std::string_view key, const selected_field& left, const selected_field& right, bool exclusive);
    void compare_below(std::string_view key, const selected_field& left, const selected_field& right, bool exclusive);
    void compare(const field_set& left, const field_set& right, bool exclusive);
    void compare(const field_set& set, const fragment_id& fragment, bool exclusive);
    void compare(const fragment_id& left, const fragment_id& right, bool exclusive);

    enum class difference : std::uint8_t { none, field, arguments, type };
    [[nodiscard]] difference between_fields(const selected_field& left, const selected_field& right, bool exclusive);
    [[nodiscard]] bool same_arguments(const selected_field& left, const selected_field& right);
    [[nodiscard]] bool types_conflict(const selected_field& left, const selected_field& right);
    [[nodiscard]] overlap_range overlaps_of(const field_set& left, const field_set& right);
    void report();
    void add(std::string_view key, const selected_field& left, const selected_field& right, difference d);
    void spend(std::size_t cost);

    template <class Left, class Right, class Value = bool>
    using pairs = boost::unordered_flat_map<std::pair<Left, Right>, Value>;

    field_sets sets_;
    arguments arguments_{};
    std::size_t allowance_ = 500'000;
    std::vector<entry> agenda_{};
    std::vector<conflicts> found_{}; ///< at the place that is looked at, and around it

    // What has been compared.
    std::vector<overlap> overlaps_{};
    pairs<const field_set*, const field_set*, overlap_range> compared_sets_{}; // what they have in common
    pairs<const selected_field*, const selected_field*> same_arguments_{};
    pairs<const field_set*, fragment_id> with_fragments_{}; // whether as exclusive ones only
    pairs<fragment_id, fragment_id> fragments_{};           // the same
};

} // namespace atrium::graphql::validation
