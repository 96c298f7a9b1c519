#include <base/text.hpp>
#include <entity/list.hpp>

#include <algorithm>
#include <array>

namespace atrium::entity {
namespace {

constexpr char version_of_ids = 1;    // cursors that contain only the id, for lists by ascending id
constexpr char version_of_values = 2; // cursors that contain the order, the part, the id and the value
constexpr std::size_t number_size = 8;

void append_number(std::string& bytes, std::uint64_t number) {
    for (std::size_t i = 0; i < number_size; ++i)
        bytes.push_back(static_cast<char>(number >> (56 - 8 * i)));
}

std::uint64_t read_number(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char c : bytes.substr(0, number_size))
        number = number << 8 | static_cast<unsigned char>(c);
    return number;
}

std::optional<std::int64_t> read_id(std::string_view bytes) {
    const auto number = read_number(bytes);
    if (number > static_cast<std::uint64_t>(INT64_MAX)) // there are no negative ids
        return std::nullopt;
    return static_cast<std::int64_t>(number);
}

/// Identifies an order across versions of the program: FNV-1a of its field or search, and of its direction.
std::uint64_t fingerprint(const description& d, const list_query& query) {
    const auto order = order_of(d, query);
    std::uint64_t hash = 14695981039346656037u;
    const auto add = [&](std::string_view text) {
        for (const char c : text)
            hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    };
    add(query.search ? d.search()->name : d.fields()[order.field].name);
    add(order.is_descending ? "-" : "+");
    return hash;
}

bool is_by_id(const description& d, const list_query& query) {
    const auto order = order_of(d, query);
    return !query.search && d.fields()[order.field].role == role::identifier && !order.is_descending;
}

} // namespace

ordering order_of(const description& d, const list_query& query) {
    if (query.search)
        return {d.index_of(d.search()->fields.front())};
    std::optional<std::size_t> order_field;
    for (const auto& condition : query.conditions)
        if (d.fields()[condition.field].filter == filter_kind::prefix)
            order_field = std::min(order_field.value_or(condition.field), condition.field);
    if (order_field)
        return {*order_field};
    return query.sort.value_or(ordering{d.identifier_index()});
}

ordering order_of_part(const description& d, const list_query& query, std::size_t part) {
    return query.search ? ordering{d.index_of(d.search()->fields[part])} : order_of(d, query);
}

position position_of(const description& d, const list_query& query, const void* entity, std::size_t part) {
    const auto& field = d.fields()[order_of_part(d, query, part).field];
    const auto* value = field.value_in(entity);
    position found{.id = d.identifier().type->number(d.identifier().value_in(entity)), .part = part};
    if (field.type->is_text())
        found.value = std::string{field.type->text(value)};
    else
        found.value = field.type->number(value);
    return found;
}

std::string to_cursor(std::int64_t id) {
    std::string bytes;
    bytes.push_back(version_of_ids);
    append_number(bytes, static_cast<std::uint64_t>(id));
    return to_base64url(bytes);
}

std::string to_cursor(const description& d, const list_query& query, const position& position) {
    if (is_by_id(d, query))
        return to_cursor(position.id);
    std::string bytes;
    bytes.push_back(version_of_values);
    append_number(bytes, fingerprint(d, query));
    bytes.push_back(static_cast<char>(position.part));
    append_number(bytes, static_cast<std::uint64_t>(position.id));
    if (const auto* text = std::get_if<std::string>(&position.value))
        bytes.append(*text);
    else
        append_number(bytes, static_cast<std::uint64_t>(std::get<std::int64_t>(position.value)));
    return to_base64url(bytes);
}

std::optional<position> from_cursor(const description& d, const list_query& query, std::string_view text) {
    const auto bytes = from_base64url(text);
    if (!bytes || bytes->empty())
        return std::nullopt;
    std::string_view rest{*bytes};
    const char version = rest.front();
    rest.remove_prefix(1);
    if (is_by_id(d, query)) {
        const auto id = version == version_of_ids && rest.size() == number_size ? read_id(rest) : std::nullopt;
        return id ? std::optional{position{.id = *id}} : std::nullopt;
    }
    if (version != version_of_values || rest.size() < 2 * number_size + 1 || read_number(rest) != fingerprint(d, query))
        return std::nullopt;
    rest.remove_prefix(number_size);
    const auto part = static_cast<unsigned char>(rest.front());
    const auto id = read_id(rest.substr(1));
    rest.remove_prefix(1 + number_size);
    if (!id || (query.search ? part >= d.search()->fields.size() : part != 0))
        return std::nullopt;
    position found{.id = *id, .part = part};
    if (d.fields()[order_of(d, query).field].type->is_text()) {
        if (!is_utf8(rest) || rest.find('\0') != std::string_view::npos)
            return std::nullopt;
        found.value = std::string{rest};
    } else {
        if (rest.size() != number_size)
            return std::nullopt;
        found.value = static_cast<std::int64_t>(read_number(rest));
    }
    return found;
}

} // namespace atrium::entity
