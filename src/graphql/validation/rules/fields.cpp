#include "validation/rules/fields.hpp"

#include "validation/text.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace atrium::graphql::validation {
namespace {

/// Types that have the requested field, and for each type how often it occurs among the possible types and their interfaces.
struct candidates {
    std::vector<const type*> types{};
    std::unordered_map<const type*, int> uses{};

    void add(const type& t, std::string_view field) {
        if (t.find_field(field) != nullptr && uses[&t]++ == 0)
            types.push_back(&t);
    }
};

/// The type with more uses comes first, then the wider type, then the order of names. The last two criteria can contradict each
/// other in a cycle of three, so this is not a valid order for `std::sort`.
bool is_better(const schema& s, const candidates& all, const type& a, const type& b) {
    const auto more = all.uses.at(&a) - all.uses.at(&b);
    if (more != 0)
        return more > 0;
    if (a.kind == type_kind::interface && s.is_subtype(a, b))
        return true;
    if (b.kind == type_kind::interface && s.is_subtype(b, a))
        return false;
    return natural_less(a.name, b.name);
}

/// Sorts like the JavaScript engine that runs graphql-js, because the result depends on the algorithm if `better` contradicts
/// itself: the initial run that is already in order (reversed if it is descending) stays, and each further item is inserted by
/// binary search.
template <class Better>
void sort_by_insertion(std::vector<const type*>& types, Better better) {
    if (types.size() < 2)
        return;
    const auto falls = better(*types[1], *types[0]);
    auto sorted = types.begin() + 2;
    while (sorted != types.end() && better(**sorted, **(sorted - 1)) == falls)
        ++sorted;
    if (falls)
        std::reverse(types.begin(), sorted);
    for (; sorted != types.end(); ++sorted) {
        auto first = types.begin();
        for (auto last = sorted; first != last;) {
            const auto middle = first + (last - first) / 2;
            if (better(**sorted, **middle))
                last = middle;
            else
                first = middle + 1;
        }
        std::rotate(first, sorted, sorted + 1);
    }
}

/// For an abstract type: the names of its possible types, and of their interfaces, that have the field. The best suggestion
/// comes first.
std::vector<std::string> types_with_field(const schema& s, const type& parent, std::string_view field) {
    candidates all;
    if (!parent.is_abstract())
        return {};
    for (const auto* possible : parent.possible_types) {
        if (possible->find_field(field) == nullptr)
            continue;
        all.add(*possible, field);
        for (const auto* interface : possible->interfaces)
            all.add(*interface, field);
    }
    sort_by_insertion(all.types, [&](const type& a, const type& b) { return is_better(s, all, a, b); });
    std::vector<std::string> names;
    for (const auto* t : all.types)
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
        const auto is_it = [&argument](const ast::argument* a) { return a->name.text == argument.name; };
        if (argument.is_required() && std::none_of(f.arguments.begin(), f.arguments.end(), is_it))
            c_.log.add(text("Field ", quoted(c_.field()->name), " argument ", quoted(argument.name), " of type ",
                            quoted(to_string(*argument.type)), " is required, but it was not provided."),
                       f);
    }
}

} // namespace atrium::graphql::validation
