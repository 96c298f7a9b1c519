#pragma once

#include "validation/context.hpp"
#include "validation/rules/field_sets.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
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
/// validation. Comparisons are kept on an agenda instead of calling each other, so that a chain of fragments of any length is
/// followed.
class overlapping_fields_can_be_merged : public rule {
public:
    explicit overlapping_fields_can_be_merged(context& c) : rule{c}, sets_{c} {}
    void enter(const ast::selection_set& s, ast_path path);

private:
    /// Why fields under one key cannot be merged. Of many in one place only as many are kept as can be reported.
    struct conflict {
        std::string_view key;
        std::string reason;
        std::vector<const ast::field*> left;
        std::vector<const ast::field*> right;
    };
    using conflicts = std::vector<conflict>;

    /// A key that two sets have.
    struct overlap {
        std::string_view key;
        std::span<const selected_field> left;
        std::span<const selected_field> right;
    };
    using overlaps = std::vector<overlap>;

    // The agenda, last in first out. Each entry is a loop that takes its next step; what that step leads to goes on top.
    // Fragments are named by places in `field_set::spreads`, which stay.

    /// Each two fields of one key.
    struct within {
        const field_set::group* group;
        std::size_t left = 0, right = 1;
    };
    /// Each field of the left with each of the right, key by key.
    struct between {
        const overlaps* all;
        bool exclusive; ///< no object can have both: names and arguments may differ
        std::size_t overlap = 0, left = 0, right = 0;
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

    void run();
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
    [[nodiscard]] const overlaps& overlaps_of(const field_set& left, const field_set& right);
    void add(std::string_view key, const selected_field& left, const selected_field& right, difference d);
    void spend(std::size_t cost);

    template <class Key, class Value>
    using map_of_maps = std::unordered_map<const void*, std::unordered_map<Key, Value>>;

    field_sets sets_;
    arguments arguments_{};
    std::size_t allowance_ = 500'000;
    std::vector<entry> agenda_{};
    std::vector<conflicts> found_{}; ///< at the place that is looked at, and around it

    // What has been compared.
    map_of_maps<const void*, overlaps> overlaps_{};       // of two field sets
    map_of_maps<const void*, bool> same_arguments_{};     // of two selected fields
    map_of_maps<fragment_id, bool> with_fragments_{};     // a field set and a fragment: whether as exclusive ones only
    std::unordered_map<std::uint64_t, bool> fragments_{}; // two fragments: the same
};

} // namespace atrium::graphql::validation
