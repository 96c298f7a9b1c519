#include <entity/description.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <stdexcept>

namespace atrium::entity {
namespace {

/// Checks that a field fits its role. Returns the error, or an empty string.
std::string find_misplaced_role(const field_info& f) {
    switch (f.role) {
    case role::plain: return {};
    case role::identifier:
        if (f.type->kind != kind::id || f.type->is_optional || !f.is_shown || f.create || f.change)
            return "an identifier must be an id<...> that is shown and that the database assigns";
        return {};
    case role::revision:
        if (f.type->kind != kind::integer || f.type->is_optional)
            return "a revision must be a std::int64_t";
        return {};
    case role::created_at:
    case role::updated_at: break;
    }
    return f.type->kind != kind::time || f.type->is_optional ? "the time of the last change must be a timestamp"
                                                             : std::string{};
}

/// Checks for properties that two fields must not share. Returns the error, or an empty string.
std::string find_clash(const field_info& f, const field_info& earlier) {
    if (f.name == earlier.name)
        return "the name is used twice";
    if (f.column == earlier.column)
        return "column " + std::string{f.column} + " is already used by field \"" + std::string{earlier.name} + "\"";
    if (!f.event_name.empty() && f.event_name == earlier.event_name)
        return "the event name \"" + std::string{f.event_name} + "\" is already used by field \"" + std::string{earlier.name} +
               "\"";
    if (f.role != role::plain && f.role == earlier.role)
        return f.role == role::identifier ? "exactly one field must be as(role::identifier)"
                                          : "field \"" + std::string{earlier.name} + "\" has the same role";
    return {};
}

} // namespace

description::description(std::string_view name, std::string_view text, entity::table table, std::vector<field_info> fields,
                         std::optional<entity::search> search, const void* sample)
    : name_{name}, text_{text}, table_{std::move(table)}, fields_{std::move(fields)}, search_{std::move(search)},
      sample_{sample} {
    error_ = find_error();
    if (auto problem = read_indexes(); error_.empty())
        error_ = std::move(problem);
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
    const auto error_about = [this](std::string_view field, const std::string& problem) {
        return "the description of " + std::string{name_} + ", field \"" + std::string{field} + "\": " + problem;
    };
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        auto problem = find_error_of_field(fields_[i]);
        for (std::size_t j = 0; j < i && problem.empty(); ++j)
            problem = find_clash(fields_[i], fields_[j]);
        if (!problem.empty())
            return error_about(fields_[i].name, problem);
    }
    if (!find_field_as(role::identifier))
        return error_about("id", "exactly one field must be as(role::identifier)");
    for (const auto& name : search_ ? search_->fields : std::vector<std::string_view>{}) {
        const auto i = find_field(name);
        if (!i)
            return error_about(name, "the search names it, but there is no such field");
        if (!is_orderable_text(fields_[*i]))
            return error_about(name, "a search needs texts that REST shows, in columns of the entity's own table");
    }
    return {};
}

/// Translates the fields of the indexes to columns. Returns the first error, or an empty string.
std::string description::read_indexes() {
    for (const auto& names : table_.indexes) {
        auto& index = indexes_.emplace_back();
        bool is_key = true;
        for (const auto& name : names) {
            const auto field = find_field(name);
            if (!field || !is_own(fields_[*field]))
                return "the description of " + std::string{name_} + ", an index: \"" + std::string{name} +
                       "\" is not a field of the entity's own table";
            is_key = is_key && fields_[*field].role != role::identifier;
            if (is_key)
                index.key.push_back(fields_[*field].column);
            index.columns.push_back(fields_[*field].column);
        }
        if (index.key.empty())
            return "the description of " + std::string{name_} +
                   ", an index: it must begin with a field other than the identifier";
    }
    return {};
}

/// Checks one field without regard to the others. Returns the error, or an empty string.
std::string description::find_error_of_field(const field_info& f) const {
    if (f.column.find('.') == std::string_view::npos)
        return "write its column with the alias of the table: \"" + std::string{table_.alias} + "." + std::string{f.column} +
               "\"";
    if (auto problem = find_misplaced_role(f); !problem.empty())
        return problem;
    if (f.filter == filter_kind::prefix && !is_orderable_text(f))
        return "a filter by a prefix needs a text that REST shows, in a column of the entity's own table";
    if (f.filter == filter_kind::equal && !f.lookup && !is_own(f))
        return "a filter by a column of another table needs a lookup, because no index finds the entity's rows by that column";
    if (f.lookup && !is_own(f.lookup->column))
        return "a lookup must name a column of the entity's own table";
    if (f.topics_without.is_over_capacity())
        return "it can be excluded from at most " + std::to_string(topic_list::capacity) + " topics";
    if (!f.topics_without.empty() && f.event_name.empty())
        return "it is not in events, so it cannot be excluded from a topic";
    if (f.is_sortable && (!is_own(f) || !f.is_shown))
        return "a list can be sorted only by fields that are shown, in columns of the entity's own table";
    if (f.change && !is_own(f))
        return "clients can change columns of the entity's own table only";
    constexpr std::int64_t max_int = std::numeric_limits<std::int32_t>::max(); // the maximum of GraphQL's type Int
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

bool description::is_orderable_text(const field_info& f) const noexcept {
    return f.type->is_text() && f.is_shown && is_own(f);
}

} // namespace atrium::entity
