#include "types/schema_maker.hpp"

#include "types/definition_reader.hpp"
#include "types/standard_definitions.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_set>
#include <utility>

namespace atrium::graphql {
namespace {

template <class Named>
std::vector<std::uint32_t> positions_by_name(const std::vector<Named>& items) {
    std::vector<std::uint32_t> positions(items.size());
    std::iota(positions.begin(), positions.end(), 0u);
    std::sort(positions.begin(), positions.end(),
              [&](std::uint32_t a, std::uint32_t b) { return items[a].name < items[b].name; });
    return positions;
}

void index_by_name(type& t) {
    switch (t.kind) {
    case type_kind::object:
    case type_kind::interface: t.by_name = positions_by_name(t.fields); break;
    case type_kind::input_object: t.by_name = positions_by_name(t.input_fields); break;
    case type_kind::enumeration: t.by_name = positions_by_name(t.enum_values); break;
    default: break;
    }
}

/// Puts types into the order of graphql-js's type map. The types come in the order in which they were added. Each of them is
/// followed by the types that it refers to, unless these were added themselves. The types that only directives and
/// introspection refer to come last.
class type_order {
public:
    explicit type_order(const std::vector<const type*>& added_types) : known_types_{added_types.begin(), added_types.end()} {
        for (const auto* t : added_types)
            append(*t);
    }

    void add_reachable(const type& t) {
        const auto& named = t.named();
        if (known_types_.insert(&named).second)
            append(named);
    }

    [[nodiscard]] std::vector<const type*> result() && { return std::move(order_); }

private:
    void append(const type& t) {
        order_.push_back(&t);
        if (t.kind == type_kind::union_type) {
            for (const auto* member : t.possible_types)
                add_reachable(*member);
        }
        for (const auto* implemented : t.interfaces)
            add_reachable(*implemented);
        for (const auto& f : t.fields) {
            add_reachable(*f.type);
            for (const auto& argument : f.arguments)
                add_reachable(*argument.type);
        }
        for (const auto& f : t.input_fields)
            add_reachable(*f.type);
    }

    std::unordered_set<const type*> known_types_;
    std::vector<const type*> order_{};
};

} // namespace

schema_maker::schema_maker() : contents_{*schema_.contents_} {
    const scalar_inputs none;
    definition_reader{*this, standard_definitions(), none}.read_standard();
    standard_directives_ = std::exchange(added_directives_, {});
    added_types_.clear();
    add_meta_fields();
}

schema_maker::~schema_maker() = default;

void schema_maker::set_description(std::optional<std::string> description) {
    contents_.description = std::move(description);
}

void schema_maker::set_root(ast::operation_type operation, const type& t) {
    contents_.roots[static_cast<std::size_t>(operation)] = &t;
}

type& schema_maker::add_type(type_kind kind, std::string name) {
    auto* t = static_cast<type_entry*>(find_type(name));
    if (!t) {
        t = &contents_.entries.emplace_back(type{.kind = kind, .name = std::move(name)});
        named_types_.push_back(t);
        contents_.types_by_name.emplace(t->name, t);
    }
    added_types_.push_back(t);
    return *t;
}

type* schema_maker::find_type(std::string_view name) noexcept {
    const auto found = contents_.types_by_name.find(name);
    return found == contents_.types_by_name.end()
               ? nullptr
               : const_cast<type*>(found->second); // allowed, because this class created the type, which is not const
}

directive& schema_maker::add_directive(std::string name) {
    auto& added = contents_.all_directives.emplace_back(directive{.name = std::move(name)});
    added_directives_.push_back(&added);
    return added;
}

const directive& schema_maker::standard_directive(std::string_view name) const noexcept {
    return **std::find_if(standard_directives_.begin(), standard_directives_.end(),
                          [&](const directive* d) { return d->name == name; });
}

const type& schema_maker::list_of(const type& t) {
    return *contents_.wrap(type_kind::list, t);
}

const type& schema_maker::non_null_of(const type& t) {
    return *contents_.wrap(type_kind::non_null, t);
}

const type* schema_maker::resolve(const ast::type_reference& t) {
    if (t.kind == ast::kind::named_type)
        return find_type(t.name.text);
    const auto* inner = resolve(*t.inner);
    if (!inner)
        return nullptr;
    return t.kind == ast::kind::list_type ? &list_of(*inner) : &non_null_of(*inner);
}

void schema_maker::add_meta_fields() {
    const auto& text = non_null_of(*find_type("String"));
    contents_.typename_field = {
        .name = "__typename", .description = "The name of the current Object type at runtime.", .type = &text};
    contents_.schema_field = {.name = "__schema",
                              .description = "Access the current type schema of this server.",
                              .type = &non_null_of(*find_type("__Schema"))};
    contents_.type_field = {.name = "__type",
                            .description = "Request the type information of a single type.",
                            .arguments = {{.name = "name", .type = &text}},
                            .type = find_type("__Type")};
}

void schema_maker::order_types() {
    type_order order{added_types_};
    for (const auto* root : contents_.roots) {
        if (root)
            order.add_reachable(*root);
    }
    for (const auto* d : contents_.directives) {
        for (const auto& argument : d->arguments)
            order.add_reachable(*argument.type);
    }
    order.add_reachable(*find_type("__Schema"));
    contents_.types = std::move(order).result();
    contents_.types_by_name.clear();
    for (const auto* t : contents_.types)
        contents_.types_by_name.emplace(t->name, t);
}

void schema_maker::link_subtypes() {
    const auto entry_of = [this](const type* t) { return static_cast<type_entry*>(find_type(t->name)); };
    for (const auto* t : contents_.types) {
        if (t->kind == type_kind::union_type)
            entry_of(t)->subtypes = t->possible_types;
        for (const auto* implemented : t->interfaces) {
            if (implemented->kind != type_kind::interface)
                continue; // the type rules report this error
            auto& interface = *entry_of(implemented);
            interface.subtypes.push_back(t);
            if (t->kind == type_kind::object)
                interface.possible_types.push_back(t);
        }
    }
    for (const auto* t : contents_.types)
        std::sort(entry_of(t)->subtypes.begin(), entry_of(t)->subtypes.end(), std::less<>{});
}

schema schema_maker::finish() {
    contents_.directives.assign(added_directives_.begin(), added_directives_.end());
    for (const auto* standard : standard_directives_) {
        const auto is_replaced = std::any_of(added_directives_.begin(), added_directives_.end(),
                                             [&](const directive* d) { return d->name == standard->name; });
        if (!is_replaced)
            contents_.directives.push_back(standard);
    }
    order_types();
    link_subtypes();
    for (auto* t : named_types_)
        index_by_name(*t);
    return std::move(schema_);
}

void schema_maker::keep(schema& s, document source) {
    s.contents_->source = std::move(source);
}

} // namespace atrium::graphql
