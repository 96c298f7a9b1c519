#include "validation/rules/fields.hpp"

#include "types/suggestions.hpp"
#include "validation/text.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace atrium::graphql::validation {
namespace {

/// Types that could be suggested because they have the requested field. For each of them, `uses` counts how often it occurs
/// among the possible types of the parent and their interfaces.
struct candidates {
    std::vector<const type*> types{};
    std::unordered_map<const type*, int> uses{};

    void add(const type& t, std::string_view field) {
        if (t.find_field(field) != nullptr && uses[&t]++ == 0)
            types.push_back(&t);
    }
};

/// Whether `a` should be suggested before `b`: the type with more uses comes first; of two types with equally many uses, an
/// interface comes before the types that implement it; otherwise the order of names decides. Three types can form a cycle in
/// this order, so it is not valid for `std::sort`.
bool is_better(const schema& s, const candidates& types, const type& a, const type& b) {
    const auto difference = types.uses.at(&a) - types.uses.at(&b);
    if (difference != 0)
        return difference > 0;
    if (a.kind == type_kind::interface && s.is_subtype(a, b))
        return true;
    if (b.kind == type_kind::interface && s.is_subtype(b, a))
        return false;
    return natural_less(a.name, b.name);
}

/// Sorts with the algorithm that the JavaScript engine V8 uses for fewer than 64 items: the items at the beginning that are
/// already in order are kept (or reversed if they are in descending order), and each further item is inserted among them by
/// binary search. The algorithm matters because `is_better` may contain cycles, and the result must be the same as that of
/// graphql-js.
template <class IsBetter>
void sort_by_insertion(std::vector<const type*>& types, IsBetter is_better) {
    if (types.size() < 2)
        return;
    const auto is_descending = is_better(*types[1], *types[0]);
    auto unsorted = types.begin() + 2; // the first item that is not sorted yet
    while (unsorted != types.end() && is_better(**unsorted, **(unsorted - 1)) == is_descending)
        ++unsorted;
    if (is_descending)
        std::reverse(types.begin(), unsorted);
    for (; unsorted != types.end(); ++unsorted) {
        auto first = types.begin();
        for (auto last = unsorted; first != last;) {
            const auto middle = first + (last - first) / 2;
            if (is_better(**unsorted, **middle))
                last = middle;
            else
                first = middle + 1;
        }
        std::rotate(first, unsorted, unsorted + 1);
    }
}

/// For an abstract type, the names of the types that have the field, among its possible types and their interfaces. The best
/// suggestion comes first. Empty for other types.
std::vector<std::string> types_with_field(const schema& s, const type& parent, std::string_view field) {
    if (!parent.is_abstract())
        return {};
    candidates found;
    for (const auto* possible : parent.possible_types) {
        if (possible->find_field(field) == nullptr)
            continue;
        found.add(*possible, field);
        for (const auto* interface : possible->interfaces)
            found.add(*interface, field);
    }
    sort_by_insertion(found.types, [&](const type& a, const type& b) { return is_better(s, found, a, b); });
    std::vector<std::string> names;
    names.reserve(found.types.size());
    for (const auto* t : found.types)
        names.push_back(t->name);
    return names;
}

} // namespace

void scalar_leafs::enter(const ast::field& f) {
    const auto* t = c_.output();
    if (t == nullptr)
        return;
    const auto name = f.name.text;
    if (t->named().is_leaf()) {
        if (f.selection_set != nullptr)
            c_.log.add(text("Field ", quoted(name), " must not have a selection since type ", quoted(to_string(*t)),
                            " has no subfields."),
                       *f.selection_set);
    } else if (f.selection_set == nullptr) {
        c_.log.add(text("Field ", quoted(name), " of type ", quoted(to_string(*t)),
                        " must have a selection of subfields. Did you mean \"", name, " { ... }\"?"),
                   f);
    }
}

void fields_on_correct_type::enter(const ast::field& f) {
    const auto* parent = c_.parent();
    if (parent == nullptr || c_.field() != nullptr)
        return;
    const auto name = f.name.text;
    auto suggestion =
        c_.log.suggestion(types_with_field(c_.schema, *parent, name), std::string_view{"to use an inline fragment on"});
    if (suggestion.empty())
        suggestion = c_.log.suggestion(name, names_of(parent->fields));
    c_.log.add(text("Cannot query field ", quoted(name), " on type ", quoted(parent->name), ".", suggestion), f);
}

void known_argument_names_on_fields::enter(const ast::argument& a, ast_path path) {
    if (path.back()->kind != ast::kind::field || c_.argument() != nullptr || c_.field() == nullptr || c_.parent() == nullptr)
        return;
    const auto field = text(c_.parent()->name, ".", c_.field()->name);
    c_.log.add(text("Unknown argument ", quoted(a.name.text), " on field ", quoted(field), ".",
                    c_.log.suggestion(a.name.text, names_of(c_.field()->arguments))),
               a);
}

void provided_required_arguments_on_fields::leave(const ast::field& f) {
    if (c_.field() == nullptr)
        return;
    for (const auto& argument : c_.field()->arguments) {
        const auto has_its_name = [&argument](const ast::argument* a) { return a->name.text == argument.name; };
        if (argument.is_required() && std::none_of(f.arguments.begin(), f.arguments.end(), has_its_name))
            c_.log.add(text("Field ", quoted(c_.field()->name), " argument ", quoted(argument.name), " of type ",
                            quoted(to_string(*argument.type)), " is required, but it was not provided."),
                       f);
    }
}

} // namespace atrium::graphql::validation
