#include "validation/rules/field_sets.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace atrium::graphql::validation {
namespace {

/// Writes a string that is the same for equal values and different for all others. The order of the fields of objects does not
/// matter. A block string differs from a plain string with the same value, as in graphql-js.
class writer {
public:
    explicit writer(std::string& out) : out_{out} {}

    void write(const ast::value& v) {
        out_ += static_cast<char>('a' + static_cast<int>(v.kind));
        if (v.kind == ast::kind::list_value)
            return write_list(v);
        if (v.kind == ast::kind::object_value)
            return write_object(v);
        if (v.block)
            out_ += '"';
        write(v.text);
    }

private:
    void write(std::string_view text) { out_.append(std::to_string(text.size())).append(":").append(text); }

    void write_list(const ast::value& v) {
        for (const auto* item : v.items)
            write(*item);
        out_ += ']';
    }

    void write_object(const ast::value& v) {
        std::vector<const ast::object_field*> fields{v.fields.begin(), v.fields.end()};
        std::stable_sort(fields.begin(), fields.end(),
                         [](const auto* a, const auto* b) { return a->name.text < b->name.text; });
        for (const auto* f : fields) {
            write(f->name.text);
            write(*f->value);
        }
        out_ += '}';
    }

    std::string& out_;
};

} // namespace

const field_set& field_sets::set_of(const ast::selection_set& s, const type* parent) {
    const auto [entry, is_new] = sets_.try_emplace({&s, parent});
    if (is_new)
        collect(entry->second, s, parent);
    return entry->second;
}

const field_set& field_sets::set_of(const ast::fragment_definition& f) {
    return set_of(*f.selection_set, c_.schema.find_type(f.type_condition->name.text));
}

void field_sets::collect(field_set& target, const ast::selection_set& root, const type* root_parent) {
    struct rest {
        std::span<const ast::node* const> selections;
        const type* parent;
    };
    std::vector<rest> enclosing{{root.selections, root_parent}}; // the rest of each enclosing selection, the innermost last
    std::unordered_set<fragment_id> known_spreads;
    while (!enclosing.empty()) {
        auto& [selections, parent] = enclosing.back();
        if (selections.empty()) {
            enclosing.pop_back();
            continue;
        }
        const auto& n = *selections.front();
        selections = selections.subspan(1);
        if (n.kind == ast::kind::field) {
            add(target, static_cast<const ast::field&>(n), parent);
        } else if (n.kind == ast::kind::fragment_spread) {
            const auto id = c_.fragments.id(static_cast<const ast::fragment_spread&>(n));
            if (known_spreads.insert(id).second)
                target.spreads.push_back(id);
        } else {
            const auto& f = static_cast<const ast::inline_fragment&>(n);
            const auto* condition = f.type_condition;
            enclosing.push_back(
                {f.selection_set->selections, condition != nullptr ? c_.schema.find_type(condition->name.text) : parent});
        }
    }
}

void field_sets::add(field_set& target, const ast::field& f, const type* parent) {
    const auto [group, is_new] = target.by_key.emplace(f.response_key(), target.groups.size());
    if (is_new)
        target.groups.push_back({f.response_key(), {}});
    const auto* definition = parent != nullptr ? parent->find_field(f.name.text) : nullptr;
    target.groups[group->second].fields.push_back({&f, parent, definition});
}

const arguments::list& arguments::list_of(const ast::field& f) {
    const auto [entry, is_new] = lists_.try_emplace(&f);
    auto& numbered = entry->second;
    if (!is_new)
        return numbered;
    for (const auto* a : f.arguments) {
        std::string text;
        writer{text}.write(*a->value);
        const auto number = numbers_.emplace(std::move(text), static_cast<std::uint32_t>(numbers_.size())).first->second;
        numbered.all.push_back({a->name.text, number});
        numbered.by_name.insert_or_assign(a->name.text, number);
    }
    return numbered;
}

} // namespace atrium::graphql::validation
