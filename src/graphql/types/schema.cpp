#include "types/schema_contents.hpp"

#include <graphql/schema.hpp>

#include <algorithm>
#include <utility>

namespace atrium::graphql {
namespace {

/// Types with at most this many nested lists can all be created. They need little memory, because a schema has few named types.
constexpr std::size_t max_shallow_lists = 2;
/// The maximum number of other types, those with more nested lists, that can be created.
constexpr std::size_t max_deep_types = 4096;

const type_entry& entry(const type& t) noexcept {
    return static_cast<const type_entry&>(t);
}

template <class Named>
const Named* find(const std::vector<Named>& items, const std::vector<std::uint32_t>& by_name, std::string_view name) noexcept {
    if (by_name.size() != items.size()) { // the schema is not complete yet
        const auto found = std::find_if(items.begin(), items.end(), [&](const Named& item) { return item.name == name; });
        return found == items.end() ? nullptr : &*found;
    }
    const auto found = std::lower_bound(by_name.begin(), by_name.end(), name,
                                        [&](std::uint32_t position, std::string_view n) { return items[position].name < n; });
    return found == by_name.end() || items[*found].name != name ? nullptr : &items[*found];
}

const input_value* find_in_list(const std::vector<input_value>& arguments, std::string_view name) noexcept {
    const auto found = std::find_if(arguments.begin(), arguments.end(), [&](const input_value& a) { return a.name == name; });
    return found == arguments.end() ? nullptr : &*found;
}

std::size_t count_lists(const ast::type_reference& t) noexcept {
    std::size_t count = 0;
    for (const auto* current = &t; current; current = current->inner)
        count += current->kind == ast::kind::list_type ? 1 : 0;
    return count;
}

} // namespace

// --- types ------------------------------------------------------------------------------------------------------------------

bool input_value::is_required() const noexcept {
    return type->kind == type_kind::non_null && !default_value;
}

const input_value* field::find_argument(std::string_view argument_name) const noexcept {
    return find_in_list(arguments, argument_name);
}

const input_value* directive::find_argument(std::string_view argument_name) const noexcept {
    return find_in_list(arguments, argument_name);
}

const field* type::find_field(std::string_view field_name) const noexcept {
    return find(fields, by_name, field_name);
}

const input_value* type::find_input_field(std::string_view field_name) const noexcept {
    return find(input_fields, by_name, field_name);
}

const enum_value* type::find_enum_value(std::string_view value_name) const noexcept {
    return find(enum_values, by_name, value_name);
}

bool type::is_composite() const noexcept {
    return kind == type_kind::object || is_abstract();
}

bool type::is_abstract() const noexcept {
    return kind == type_kind::interface || kind == type_kind::union_type;
}

bool type::is_leaf() const noexcept {
    return kind == type_kind::scalar || kind == type_kind::enumeration;
}

bool type::is_input() const noexcept {
    const auto& t = named();
    return t.is_leaf() || t.kind == type_kind::input_object;
}

bool type::is_output() const noexcept {
    return named().kind != type_kind::input_object;
}

const type& type::named() const noexcept {
    const auto* t = this;
    while (t->of_type)
        t = t->of_type;
    return *t;
}

const type& type::nullable() const noexcept {
    return kind == type_kind::non_null ? *of_type : *this;
}

std::string to_string(const type& t) {
    switch (t.kind) {
    case type_kind::list: return "[" + to_string(*t.of_type) + "]";
    case type_kind::non_null: return to_string(*t.of_type) + "!";
    default: return t.name;
    }
}

// --- the schema -------------------------------------------------------------------------------------------------------------

schema::schema() : contents_{std::make_unique<contents>()} {}
schema::~schema() = default;
schema::schema(schema&&) noexcept = default;
schema& schema::operator=(schema&&) noexcept = default;

const std::optional<std::string>& schema::description() const noexcept {
    return contents_->description;
}

const type* schema::root(ast::operation_type operation) const noexcept {
    return contents_->roots[static_cast<std::size_t>(operation)];
}

const type* schema::find_type(std::string_view name) const noexcept {
    const auto found = contents_->types_by_name.find(name);
    return found == contents_->types_by_name.end() ? nullptr : found->second;
}

const directive* schema::find_directive(std::string_view name) const noexcept {
    const auto& all = contents_->directives;
    const auto found = std::find_if(all.begin(), all.end(), [&](const directive* d) { return d->name == name; });
    return found == all.end() ? nullptr : *found;
}

std::span<const type* const> schema::types() const noexcept {
    return contents_->types;
}

std::span<const directive* const> schema::directives() const noexcept {
    return contents_->directives;
}

void schema::hide() noexcept {
    contents_->is_hidden = true;
}

bool schema::is_hidden() const noexcept {
    return contents_->is_hidden;
}

bool schema::is_subtype(const type& abstract, const type& candidate) const noexcept {
    const auto& subtypes = entry(abstract).subtypes;
    return std::binary_search(subtypes.begin(), subtypes.end(), &candidate, std::less<>{});
}

const type* schema::contents::wrap(type_kind kind, const type& inner, bool is_shallow) const {
    auto& wrapper = kind == type_kind::list ? entry(inner).list : entry(inner).non_null;
    if (const auto* existing = wrapper.load(std::memory_order_acquire))
        return existing;
    const std::scoped_lock lock{entries_mutex};
    if (const auto* existing = wrapper.load(std::memory_order_relaxed))
        return existing;
    if (!is_shallow) {
        if (deep_types >= max_deep_types)
            return nullptr;
        ++deep_types;
    }
    const auto& added = entries.emplace_back(type{.kind = kind, .of_type = &inner});
    wrapper.store(&added, std::memory_order_release);
    return &added;
}

const type* schema::resolve(const ast::type_reference& t) const noexcept {
    if (t.kind == ast::kind::named_type)
        return find_type(t.name.text);
    const auto* inner = resolve(*t.inner);
    if (!inner)
        return nullptr;
    const auto kind = t.kind == ast::kind::list_type ? type_kind::list : type_kind::non_null;
    return contents_->wrap(kind, *inner, count_lists(t) <= max_shallow_lists);
}

const field* schema::find_field(const type& parent, std::string_view name) const noexcept {
    if (name.starts_with("__")) {
        const auto is_query = &parent == root(ast::operation_type::query);
        if (is_query && name == contents_->schema_field.name)
            return &contents_->schema_field;
        if (is_query && name == contents_->type_field.name)
            return &contents_->type_field;
        if (parent.is_composite() && name == contents_->typename_field.name)
            return &contents_->typename_field;
    }
    return parent.find_field(name);
}

} // namespace atrium::graphql
