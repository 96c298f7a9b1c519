#pragma once

#include "validation/context.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// The data that the rule overlapping_fields_can_be_merged compares: the fields of selection sets by response key, and their
/// arguments.
namespace atrium::graphql::validation {

/// An occurrence of a field in a selection set.
struct selected_field {
    const ast::field* node;
    const type* parent;               ///< null if it is unknown
    const graphql::field* definition; ///< null if it is unknown, and for meta fields

    [[nodiscard]] const type* output() const noexcept { return definition != nullptr ? definition->type : nullptr; }
    /// Whether the field has neither arguments nor a selection set.
    [[nodiscard]] bool is_simple() const noexcept { return node->arguments.empty() && node->selection_set == nullptr; }
};

/// The fields of one selection set and its inline fragments, and the fragments that they spread.
struct field_set {
    struct group {
        std::string_view key;
        std::vector<selected_field> fields;
    };
    std::vector<group> groups{};        ///< by response key, in order of their first appearance
    std::vector<fragment_id> spreads{}; ///< each once, in order of their first appearance

    [[nodiscard]] const group* find(std::string_view key) const {
        const auto found = by_key.find(key);
        return found == by_key.end() ? nullptr : &groups[found->second];
    }
    std::unordered_map<std::string_view, std::size_t> by_key{};
};

/// The field sets of a document. Each is collected only once, so the total cost is proportional to the size of the document.
class field_sets {
public:
    explicit field_sets(const context& c) : c_{c} {}

    [[nodiscard]] const field_set& set_of(const ast::selection_set& s, const type* parent);
    [[nodiscard]] const field_set& set_of(const ast::fragment_definition& f);

private:
    struct key {
        const ast::selection_set* selections;
        const type* parent;
        friend bool operator==(const key&, const key&) = default;
    };
    struct hash {
        std::size_t operator()(const key& k) const noexcept {
            return std::hash<const void*>{}(k.selections) * 31 + std::hash<const void*>{}(k.parent);
        }
    };

    const context& c_;
    std::unordered_map<key, field_set, hash> sets_{};

    void collect(field_set& target, const ast::selection_set& s, const type* parent);
    void add(field_set& target, const ast::field& f, const type* parent);
};

/// The arguments of fields, prepared to be compared many times: each value has a number, and equal values have equal numbers.
class arguments {
public:
    struct argument {
        std::string_view name;
        std::uint32_t value; ///< the number of the value
    };
    struct list {
        std::vector<argument> all{};                                   ///< in the order of the source
        std::unordered_map<std::string_view, std::uint32_t> by_name{}; ///< if two arguments have the same name, the last one
    };

    [[nodiscard]] const list& list_of(const ast::field& f);

private:
    std::unordered_map<const ast::field*, list> lists_{};
    std::unordered_map<std::string, std::uint32_t> numbers_{}; // the numbers of values, by strings that identify them
};

} // namespace atrium::graphql::validation
