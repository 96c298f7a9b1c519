#include "validation/rules/overlapping_fields.hpp"

#include "validation/text.hpp"

#include <algorithm>
#include <utility>

namespace atrium::graphql::validation {
namespace {

/// Maximum number of fields that a conflict reports on each side, however large the document is.
constexpr std::size_t max_fields_per_side = 20;

/// Returns the field itself, then the fields of the conflicts below it. If the result does not have enough space for all fields
/// of a conflict, only the last of them, which are the deepest, are kept.
template <class Conflicts, class Side>
std::vector<const ast::field*> fields_of(const ast::field& field, const Conflicts& below, Side side) {
    std::vector<const ast::field*> all{&field};
    for (const auto& conflict : below) {
        const auto& fields = conflict.*side;
        const auto count = std::min(fields.size(), max_fields_per_side - all.size());
        all.insert(all.end(), fields.end() - static_cast<std::ptrdiff_t>(count), fields.end());
    }
    return all;
}

} // namespace

// --- a selection set of the document ----------------------------------------------------------------------------------------

void overlapping_fields_can_be_merged::enter(const ast::selection_set& s, ast_path path) {
    if (path.back()->kind == ast::kind::inline_fragment) // its fields belong to the enclosing set
        return;
    if (s.selections.size() == 1 && s.selections.front()->kind != ast::kind::inline_fragment)
        return;
    const auto& set = sets_.set_of(s, c_.parent());
    conflict_stack_.assign(1, {});
    agenda_.clear();
    if (!set.spreads.empty() && (!set.groups.empty() || set.spreads.size() > 1))
        agenda_.emplace_back(spreads_of_set{&set});
    std::for_each(set.groups.rbegin(), set.groups.rend(), [this](const auto& group) {
        if (group.fields.size() > 1)
            agenda_.emplace_back(field_pairs{&group});
    });
}

void overlapping_fields_can_be_merged::compare_next() {
    const auto next = agenda_.back();
    agenda_.pop_back();
    std::visit([this](const auto& entry) { step(entry); }, next);
    if (c_.log.is_full())
        agenda_.clear();
    if (agenda_.empty())
        report();
}

void overlapping_fields_can_be_merged::report() {
    for (const auto& found : conflict_stack_.front()) {
        std::vector<std::uint32_t> places;
        for (const auto* side : {&found.left, &found.right})
            for (const auto* field : *side)
                places.push_back(field->begin);
        c_.log.add(text("Fields ", quoted(found.key), " conflict because ", found.reason,
                        ". Use different aliases on the fields to fetch both if this was intentional."),
                   places);
    }
}

// --- the loops --------------------------------------------------------------------------------------------------------------

void overlapping_fields_can_be_merged::step(field_pairs loop) {
    const auto& [key, fields] = *loop.group;
    const auto& left = fields[loop.left];
    const auto& right = fields[loop.right];
    if (++loop.right == fields.size()) {
        ++loop.left;
        loop.right = loop.left + 1;
    }
    if (loop.right < fields.size())
        agenda_.emplace_back(loop);
    compare(key, left, right, false);
}

void overlapping_fields_can_be_merged::step(overlapping_pairs loop) {
    const auto [lefts, rights] = overlaps_[loop.overlaps.first];
    const auto& left = lefts->fields[loop.left];
    const auto& right = rights->fields[loop.right];
    if (++loop.right == rights->fields.size()) {
        loop.right = 0;
        if (++loop.left == lefts->fields.size()) {
            loop.left = 0;
            ++loop.overlaps.first;
        }
    }
    if (loop.overlaps.first < loop.overlaps.last)
        agenda_.emplace_back(loop);
    compare(lefts->key, left, right, loop.are_exclusive);
}

void overlapping_fields_can_be_merged::step(set_with_fragments loop) {
    if (loop.fragments.empty())
        return;
    const auto& next = loop.fragments.front();
    loop.fragments = loop.fragments.subspan(1);
    if (!loop.fragments.empty())
        agenda_.emplace_back(loop);
    compare(*loop.set, next, loop.are_exclusive);
}

void overlapping_fields_can_be_merged::step(fragment_pairs loop) {
    if (loop.left.empty() || loop.right.empty())
        return;
    const auto& left = loop.left.front();
    const auto& right = loop.right[loop.next];
    if (++loop.next == loop.right.size()) {
        loop.next = 0;
        loop.left = loop.left.subspan(1);
    }
    if (!loop.left.empty())
        agenda_.emplace_back(loop);
    compare(left, right, loop.are_exclusive);
}

void overlapping_fields_can_be_merged::step(spreads_of_set loop) {
    const std::span all{loop.set->spreads};
    const auto first = all.subspan(loop.next, 1);
    const auto others = all.subspan(++loop.next);
    if (!others.empty()) {
        agenda_.emplace_back(loop);
        agenda_.emplace_back(fragment_pairs{first, others, false});
    }
    agenda_.emplace_back(set_with_fragments{loop.set, first, false});
}

void overlapping_fields_can_be_merged::step(conflict_merge fields) {
    const auto below = std::move(conflict_stack_.back());
    conflict_stack_.pop_back();
    if (below.empty() || conflict_stack_.back().size() > context::max_errors)
        return;
    std::string reason;
    for (const auto& found : below) {
        reason += text(reason.empty() ? "" : " and ", "subfields ", quoted(found.key), " conflict because ", found.reason);
        if (reason.size() > max_bytes_in_message)
            break;
    }
    conflict_stack_.back().push_back({fields.key, abbreviated(reason), fields_of(*fields.left, below, &conflict::left),
                                      fields_of(*fields.right, below, &conflict::right)});
}

// --- comparisons ------------------------------------------------------------------------------------------------------------

void overlapping_fields_can_be_merged::compare(std::string_view key, const selected_field& left, const selected_field& right,
                                               bool are_exclusive) {
    spend(2);
    // An object has only one object type, so it never has both fields if their parents are two object types. But it may belong
    // to two interfaces or unions, at least in a later version of the schema.
    are_exclusive = are_exclusive || (left.parent != right.parent && left.parent != nullptr && right.parent != nullptr &&
                                      left.parent->kind == type_kind::object && right.parent->kind == type_kind::object);
    const auto difference_found = find_difference(left, right, are_exclusive);
    if (difference_found != difference::none)
        add(key, left, right, difference_found);
    else if (left.node->selection_set != nullptr && right.node->selection_set != nullptr)
        compare_below(key, left, right, are_exclusive);
}

void overlapping_fields_can_be_merged::compare_below(std::string_view key, const selected_field& left,
                                                     const selected_field& right, bool are_exclusive) {
    const auto set_of = [this](const selected_field& f) -> const field_set& {
        return sets_.set_of(*f.node->selection_set, f.output() != nullptr ? &f.output()->named() : nullptr);
    };
    const auto& set_left = set_of(left);
    const auto& set_right = set_of(right);
    conflict_stack_.emplace_back();
    agenda_.emplace_back(conflict_merge{key, left.node, right.node});
    agenda_.emplace_back(fragment_pairs{set_left.spreads, set_right.spreads, are_exclusive});
    agenda_.emplace_back(set_with_fragments{&set_right, set_left.spreads, are_exclusive});
    agenda_.emplace_back(set_with_fragments{&set_left, set_right.spreads, are_exclusive});
    compare(set_left, set_right, are_exclusive);
}

void overlapping_fields_can_be_merged::compare(const field_set& left, const field_set& right, bool are_exclusive) {
    if (left.groups.empty() || right.groups.empty())
        return;
    if (const auto overlaps = overlaps_of(left, right); overlaps.first < overlaps.last)
        agenda_.emplace_back(overlapping_pairs{overlaps, are_exclusive});
}

void overlapping_fields_can_be_merged::compare(const field_set& set, const fragment_id& fragment, bool are_exclusive) {
    spend(1);
    if (set.groups.empty())
        return;
    const auto [known, is_new] = compared_with_fragments_.try_emplace({&set, fragment}, are_exclusive);
    const bool must_compare_again = known->second && !are_exclusive;
    if (!is_new && !must_compare_again)
        return;
    known->second = are_exclusive;
    const auto* definition = c_.fragments.find(fragment);
    if (definition == nullptr)
        return;
    const auto& other = sets_.set_of(*definition);
    if (&set == &other)
        return;
    agenda_.emplace_back(set_with_fragments{&set, other.spreads, are_exclusive});
    compare(set, other, are_exclusive);
}

void overlapping_fields_can_be_merged::compare(const fragment_id& left, const fragment_id& right, bool are_exclusive) {
    spend(2);
    if (left == right)
        return;
    const auto are_compared = [&](fragment_id first, fragment_id second) {
        const auto known = compared_fragments_.find({first, second});
        return known != compared_fragments_.end() && (!known->second || are_exclusive);
    };
    if (are_compared(left, right) || are_compared(right, left))
        return;
    compared_fragments_.insert_or_assign({left, right}, are_exclusive);
    const auto* definition_left = c_.fragments.find(left);
    const auto* definition_right = c_.fragments.find(right);
    if (definition_left == nullptr || definition_right == nullptr)
        return;
    const auto& set_left = sets_.set_of(*definition_left);
    const auto& set_right = sets_.set_of(*definition_right);
    agenda_.emplace_back(fragment_pairs{set_left.spreads, {&right, 1}, are_exclusive});
    agenda_.emplace_back(fragment_pairs{{&left, 1}, set_right.spreads, are_exclusive});
    compare(set_left, set_right, are_exclusive);
}

// --- two fields -------------------------------------------------------------------------------------------------------------

overlapping_fields_can_be_merged::difference
overlapping_fields_can_be_merged::find_difference(const selected_field& left, const selected_field& right, bool are_exclusive) {
    if (!are_exclusive && left.node->name.text != right.node->name.text)
        return difference::field;
    if (!are_exclusive && !have_same_arguments(left, right))
        return difference::arguments;
    return have_conflicting_types(left, right) ? difference::type : difference::none;
}

bool overlapping_fields_can_be_merged::have_same_arguments(const selected_field& left, const selected_field& right) {
    if (left.node->arguments.size() != right.node->arguments.size())
        return false;
    if (left.node->arguments.empty())
        return true;
    const auto [known, is_new] = compared_arguments_.try_emplace({&left, &right}, true);
    if (!is_new)
        return known->second;
    const auto& others = arguments_.list_of(*right.node).by_name;
    for (const auto& [name, value] : arguments_.list_of(*left.node).all) {
        spend(1);
        const auto other = others.find(name);
        if (other == others.end() || other->second != value)
            return known->second = false;
    }
    return true;
}

/// Lists, non-null types and leaf types must be equal; if both types are composite, their selections are compared instead.
/// If two different fields have the same list or non-null type, it is unwrapped nevertheless, because graphql-js does this, and
/// a document must cost the same in Atrium and in graphql-js.
bool overlapping_fields_can_be_merged::have_conflicting_types(const selected_field& left, const selected_field& right) {
    const auto* a = left.output();
    const auto* b = right.output();
    if (a == nullptr || b == nullptr || left.definition == right.definition)
        return false;
    while (a != b || a->of_type != nullptr) {
        spend(1);
        const auto is_wrapped = a->of_type != nullptr || b->of_type != nullptr;
        if (!is_wrapped)
            return a->is_leaf() || b->is_leaf();
        if (a->kind != b->kind)
            return true;
        a = a->of_type;
        b = b->of_type;
    }
    return false;
}

overlapping_fields_can_be_merged::overlap_range overlapping_fields_can_be_merged::overlaps_of(const field_set& left,
                                                                                              const field_set& right) {
    const auto [known, is_new] = compared_sets_.try_emplace({&left, &right}, overlap_range{});
    if (is_new) {
        spend(left.groups.size());
        known->second.first = overlaps_.size();
        for (const auto& group : left.groups)
            if (const auto* other = right.find(group.key); other != nullptr)
                overlaps_.push_back({&group, other});
        known->second.last = overlaps_.size();
    }
    return known->second;
}

void overlapping_fields_can_be_merged::add(std::string_view key, const selected_field& left, const selected_field& right,
                                           difference d) {
    auto& found = conflict_stack_.back();
    if (found.size() > context::max_errors)
        return;
    std::string reason = "they have differing arguments";
    if (d == difference::field)
        reason = text(quoted(left.node->name.text), " and ", quoted(right.node->name.text), " are different fields");
    else if (d == difference::type)
        reason = text("they return conflicting types ", quoted(to_string(*left.output())), " and ",
                      quoted(to_string(*right.output())));
    found.push_back({key, std::move(reason), {left.node}, {right.node}});
}

/// When the allowance is used up, the validation ends, and the rest of the agenda is dropped.
void overlapping_fields_can_be_merged::spend(std::size_t cost) {
    if (cost > allowance_)
        c_.log.abort("Validation aborted.");
    allowance_ -= std::min(cost, allowance_);
}

} // namespace atrium::graphql::validation
