#include <entity/description.hpp>

#include <algorithm>
#include <stdexcept>

namespace atrium::entity {

description::description(std::string_view name, std::string_view text, entity::table table, std::vector<field_info> fields,
                         std::optional<entity::search> search, const void* sample)
    : name_{name}, text_{text}, table_{table}, fields_{std::move(fields)}, search_{std::move(search)}, sample_{sample} {
    check();
    identifier_ = *find(role::identifier);
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        all_.set(i);
        shown_.set(i, fields_[i].is_shown || fields_[i].is_in_etag);
    }
}

void description::check() const {
    const auto fail = [this](std::string_view field, std::string_view what) {
        throw std::logic_error{"the description of " + std::string{name_} + ", field \"" + std::string{field} +
                               "\": " + std::string{what}};
    };
    std::size_t identifiers = 0;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        const auto& f = fields_[i];
        identifiers += f.role == role::identifier ? 1 : 0;
        if (f.column.find('.') == std::string_view::npos)
            fail(f.name, "write its column with the alias of the table: \"" + std::string{table_.alias} + "." +
                             std::string{f.column} + "\"");
        if (f.filter == filter_kind::prefix && !f.type->is_text())
            fail(f.name, "only texts are filtered by a prefix");
        if (f.is_sortable && (!is_own(f) || !f.is_shown))
            fail(f.name, "a list is sorted by fields that are shown, and by columns of its own table only");
        for (std::size_t j = 0; j < i; ++j) {
            if (fields_[j].name == f.name)
                fail(f.name, "the name is used twice");
            if (fields_[j].column == f.column)
                fail(f.name, "column " + std::string{f.column} + " is field \"" + std::string{fields_[j].name} + "\" already");
        }
    }
    if (identifiers != 1)
        fail("id", "exactly one field is as(role::identifier)");
    if (search_)
        for (const auto& name : search_->fields)
            if (const auto i = find(name); !i || !fields_[*i].type->is_text())
                fail(name, "a search goes over fields that are texts");
}

std::optional<std::size_t> description::find(std::string_view field) const noexcept {
    const auto found = std::ranges::find(fields_, field, &field_info::name);
    return found == fields_.end() ? std::nullopt : std::optional{static_cast<std::size_t>(found - fields_.begin())};
}

std::size_t description::index_of(std::string_view field) const {
    const auto found = find(field);
    if (!found)
        throw std::logic_error{"the description of " + std::string{name_} + " has no field \"" + std::string{field} + "\""};
    return *found;
}

std::optional<std::size_t> description::find(entity::role r) const noexcept {
    const auto found = std::ranges::find(fields_, r, &field_info::role);
    return found == fields_.end() ? std::nullopt : std::optional{static_cast<std::size_t>(found - fields_.begin())};
}

bool description::is_own(const field_info& field) const noexcept {
    return field.column.substr(0, field.column.find('.')) == table_.alias;
}

} // namespace atrium::entity
