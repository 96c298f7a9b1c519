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

/// Fields with the same response key must be mergeable: the same field, with the same arguments and compatible types.
///
/// All fields with the same key are compared in pairs: the fields of a selection set with each other and with those of each
/// fragment that it spreads, and the fields of any two such fragments with each other. If both fields of a pair have
/// selections, the fields in these selections are compared in the same way. Two measures keep the time from growing with the
/// square of the document or faster:
/// - Each field set is collected only once, and the keys of two sets are matched only once. Two fragments, or a set and a
///   fragment, are compared at most twice: once with `are_exclusive` (see below) and once without it.
/// - Each comparison takes its cost from an allowance of the document, as in graphql-js. When it is used up, validation ends.
///
/// Comparisons do not call each other, but are put on an agenda, so that a chain of fragments can have any length, and other
/// coroutines can run in between: `enter` fills the agenda for a selection set, and the validator calls `compare_next` until
/// the agenda is empty before it continues the walk.
class overlapping_fields_can_be_merged : public rule {
public:
    explicit overlapping_fields_can_be_merged(context& c) : rule{c}, sets_{c} {}
    void enter(const ast::selection_set& s, ast_path path);

    [[nodiscard]] bool is_comparing() const noexcept { return !agenda_.empty(); }
    void compare_next();

private:
    /// Why fields with one key cannot be merged, and the fields on both sides. If there are many conflicts at one place, only
    /// as many are kept as can be reported.
    struct conflict {
        std::string_view key;
        std::string reason;
        std::vector<const ast::field*> left;
        std::vector<const ast::field*> right;
    };
    using conflicts = std::vector<conflict>;

    /// The fields of two sets with the same key.
    struct overlap {
        const field_set::group* left;
        const field_set::group* right;
    };
    /// A range of `overlaps_`: from index `first` up to, but not including, `last`.
    struct overlap_range {
        std::size_t first, last;
    };

    // The agenda is a stack. Each entry is a loop, except `conflict_merge`, which is done in one step. When a loop is on top,
    // it makes one step. Then it pushes itself again unless it is finished, and pushes the comparisons that follow from this
    // step. Fragments are given by spans of `field_set::spreads`, whose elements keep their addresses.

    /// Compares every two fields of one key.
    struct field_pairs {
        const field_set::group* group;
        std::size_t left = 0, right = 1;
    };
    /// Compares each field of the left set with each field of the right set, key by key.
    struct overlapping_pairs {
        overlap_range overlaps;
        bool are_exclusive; ///< whether no object can have both fields, so that their names and arguments may differ
        std::size_t left = 0, right = 0;
    };
    /// Compares a set with each of these fragments.
    struct set_with_fragments {
        const field_set* set;
        std::span<const fragment_id> fragments;
        bool are_exclusive;
    };
    /// Compares each of the left fragments with each of the right ones.
    struct fragment_pairs {
        std::span<const fragment_id> left, right;
        bool are_exclusive;
        std::size_t next = 0; ///< index of the right fragment with which the first of `left` is compared next
    };
    /// Compares a set with the fragments that it spreads, and every two of these with each other.
    struct spreads_of_set {
        const field_set* set;
        std::size_t next = 0;
    };
    /// Combines the conflicts found below two fields into one conflict of these fields.
    struct conflict_merge {
        std::string_view key;
        const ast::field* left;
        const ast::field* right;
    };
    using agenda_entry =
        std::variant<field_pairs, overlapping_pairs, set_with_fragments, fragment_pairs, spreads_of_set, conflict_merge>;

    void step(field_pairs loop);
    void step(overlapping_pairs loop);
    void step(set_with_fragments loop);
    void step(fragment_pairs loop);
    void step(spreads_of_set loop);
    void step(conflict_merge fields);

    // These compare their two parameters, and put comparisons of their contents on the agenda.
    void compare(std::string_view key, const selected_field& left, const selected_field& right, bool are_exclusive);
    void compare_below(std::string_view key, const selected_field& left, const selected_field& right, bool are_exclusive);
    void compare(const field_set& left, const field_set& right, bool are_exclusive);
    void compare(const field_set& set, const fragment_id& fragment, bool are_exclusive);
    void compare(const fragment_id& left, const fragment_id& right, bool are_exclusive);

    enum class difference : std::uint8_t { none, field, arguments, type };
    [[nodiscard]] difference find_difference(const selected_field& left, const selected_field& right, bool are_exclusive);
    [[nodiscard]] bool have_same_arguments(const selected_field& left, const selected_field& right);
    [[nodiscard]] bool have_conflicting_types(const selected_field& left, const selected_field& right);
    [[nodiscard]] overlap_range overlaps_of(const field_set& left, const field_set& right);
    void report();
    void add(std::string_view key, const selected_field& left, const selected_field& right, difference d);
    void spend(std::size_t cost);

    template <class Left, class Right, class Value = bool>
    using pairs = boost::unordered_flat_map<std::pair<Left, Right>, Value>;

    field_sets sets_;
    arguments arguments_{};
    std::size_t allowance_ = 500'000;
    std::vector<agenda_entry> agenda_{};
    std::vector<conflicts> conflict_stack_{}; ///< the conflicts of the set, then those below each enclosing pair of fields

    // The results of earlier comparisons.
    std::vector<overlap> overlaps_{};
    pairs<const field_set*, const field_set*, overlap_range> compared_sets_{}; // which fields of two sets have the same key
    pairs<const selected_field*, const selected_field*> compared_arguments_{}; // whether the arguments are the same
    pairs<const field_set*, fragment_id>
        compared_with_fragments_{};                        // true if the pair has been compared only with `are_exclusive`
    pairs<fragment_id, fragment_id> compared_fragments_{}; // true if the pair has been compared only with `are_exclusive`
};

} // namespace atrium::graphql::validation
