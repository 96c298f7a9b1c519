#include <entity/description.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <stdexcept>

namespace atrium::entity {
namespace {

/// What is wrong with the role of a field.
std::string find_misplaced_role(const field_info& f) {
    switch (f.role) {
    case role::plain: return {};
    case role::identifier:
        if (f.type->kind != kind::id || f.type->is_optional || !f.is_shown || f.create || f.change)
            return "an identifier is an id<...> that is shown and that the database gives";
        return {};
    case role::revision:
        if (f.type->kind != kind::integer || f.type->is_optional)
            return "a revision is a std::int64_t";
        return {};
    case role::created_at:
    case role::updated_at: break;
    }
    return f.type->kind != kind::time || f.type->is_optional ? "the time of a change is a timestamp" : std::string{};
}

/// What cannot be the same in two fields.
std::string find_clash(const field_info& f, const field_info& earlier) {
    if (f.name == earlier.name)
        return "the name is used twice";
    if (f.column == earlier.column)
        return "column " + std::string{f.column} + " is field \"" + std::string{earlier.name} + "\" already";
    if (!f.event_name.empty() && f.event_name == earlier.event_name)
        return "events have \"" + std::string{f.event_name} + "\" already, of field \"" + std::string{earlier.name} + "\"";
    if (f.role != role::plain && f.role == earlier.role)
        return f.role == role::identifier ? "exactly one field is as(role::identifier)"
                                          : "field \"" + std::string{earlier.name} + "\" has the same role";
    return {};
}

} // namespace

description::description(std::string_view name, std::string_view text, entity::table table, std::vector<field_info> fields,
                         std::optional<entity::search> search, const void* sample)
    : name_{name}, text_{text}, table_{std::move(table)}, fields_{std::move(fields)}, search_{std::move(search)},
      sample_{sample} {
    error_ = find_error();
    if (auto wrong = read_indexes(); error_.empty())
        error_ = std::move(wrong);
    identifier_ = find_field_as(role::identifier).value_or(0);
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        all_.set(i);
        shown_.set(i, fields_[i].is_shown || fields_[i].is_in_etag);
    }
}

void description::require_valid() const {
    if (!error_.empty())
        throw std::logic_error{error_};
}

std::string description::find_error() const {
    const auto about = [this](std::string_view field, const std::string& what) {
        return "the description of " + std::string{name_} + ", field \"" + std::string{field} + "\": " + what;
    };
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        auto wrong = find_error_of_field(fields_[i]);
        for (std::size_t j = 0; j < i && wrong.empty(); ++j)
            wrong = find_clash(fields_[i], fields_[j]);
        if (!wrong.empty())
            return about(fields_[i].name, wrong);
    }
    if (!find_field_as(role::identifier))
        return about("id", "exactly one field is as(role::identifier)");
    if (search_)
        for (const auto& name : search_->fields)
            if (const auto i = find_field(name); !i || !orders_texts(fields_[*i]))
                return about(name, "a search goes over texts that are shown, in columns of the entity's own table");
    return {};
}

/// Replaces the fields of indexes by their columns; what is wrong with one of them.
std::string description::read_indexes() {
    for (const auto& names : table_.indexes) {
        auto& index = indexes_.emplace_back();
        bool is_key = true;
        for (const auto& name : names) {
            const auto field = find_field(name);
            if (!field || !is_own(fields_[*field]))
                return "the description of " + std::string{name_} + ", an index: \"" + std::string{name} +
                       "\" is not a field of its own table";
            is_key = is_key && fields_[*field].role != role::identifier;
            if (is_key)
                index.key.push_back(fields_[*field].column);
            index.columns.push_back(fields_[*field].column);
        }
        if (index.key.empty())
            return "the description of " + std::string{name_} + ", an index: name a field before the identifier";
    }
    return {};
}

/// What is wrong with one field by itself.
std::string description::find_error_of_field(const field_info& f) const {
    if (f.column.find('.') == std::string_view::npos)
        return "write its column with the alias of the table: \"" + std::string{table_.alias} + "." + std::string{f.column} +
               "\"";
    if (auto wrong = find_misplaced_role(f); !wrong.empty())
        return wrong;
    if (f.filter == filter_kind::prefix && !orders_texts(f))
        return "only texts that are shown, in columns of the entity's own table, are filtered by a prefix";
    if (f.filter == filter_kind::equal && !f.lookup && !is_own(f))
        return "a filter by a column of another table needs a lookup, since no index leads from there to the rows";
    if (f.lookup && !is_own(f.lookup->column))
        return "a lookup names a column of the entity's own table";
    if (f.topics_without.is_over_capacity())
        return "at most " + std::to_string(topic_list::capacity) + " topics can leave it out";
    if (!f.topics_without.empty() && f.event_name.empty())
        return "it is not in events, so there is none that leaves it out";
    if (f.is_sortable && (!is_own(f) || !f.is_shown))
        return "a list is sorted by fields that are shown, and by columns of its own table only";
    if (f.change && !is_own(f))
        return "clients can change columns of the entity's own table only";
    constexpr std::int64_t max_int = std::numeric_limits<std::int32_t>::max(); // of GraphQL's Int
    for (const auto& rules : {f.create, f.change})
        if (rules && f.is_in_graphql && f.type->kind == kind::integer && (rules->min < -max_int - 1 || rules->max > max_int))
            return "an Int of GraphQL has 32 bits: limit the field by between(...)";
    return {};
}

std::optional<std::size_t> description::find_field(std::string_view name) const noexcept {
    const auto found = std::ranges::find(fields_, name, &field_info::name);
    return found == fields_.end() ? std::nullopt : std::optional{static_cast<std::size_t>(found - fields_.begin())};
}

std::size_t description::index_of(std::string_view field) const {
    const auto found = find_field(field);
    if (!found)
        throw std::logic_error{"the description of " + std::string{name_} + " has no field \"" + std::string{field} + "\""};
    return *found;
}

std::optional<std::size_t> description::find_field_as(entity::role r) const noexcept {
    const auto found = std::ranges::find(fields_, r, &field_info::role);
    return found == fields_.end() ? std::nullopt : std::optional{static_cast<std::size_t>(found - fields_.begin())};
}

bool description::is_own(std::string_view column) const noexcept {
    return column.substr(0, column.find('.')) == table_.alias;
}

bool description::orders_texts(const field_info& f) const noexcept {
    return f.type->is_text() && f.is_shown && is_own(f);
}

} // namespace atrium::entity
