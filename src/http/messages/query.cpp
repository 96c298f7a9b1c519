#include "messages/field_list.hpp"
#include "messages/form_encoding.hpp"
#include "messages/whole_number.hpp"

#include <base/ids.hpp>
#include <base/text.hpp>
#include <http/input.hpp>

#include <array>

namespace atrium::http {
namespace {

constexpr char cursor_version = 1;

std::string_view fault_of(const std::optional<std::string>& decoded) {
    if (!decoded)
        return "has an invalid percent-escape";
    if (!is_utf8(*decoded))
        return "is not valid UTF-8";
    if (decoded->find('\0') != std::string::npos)
        return "must not contain the character U+0000";
    return {};
}

} // namespace

query_fields::query_fields(const request& q) {
    for_each_pair(q.query, [&](std::string_view name, std::string_view value) {
        auto plain_name = decode_form_text(name);
        auto plain_value = decode_form_text(value);
        const auto wrong_name = fault_of(plain_name);
        const auto wrong_value = fault_of(plain_value);
        if (!wrong_name.empty()) // nobody can ask for it: an unknown parameter, named as far as it can be
            plain_name = atrium::is_utf8(name) ? std::string{name} : encode_form_text(name);
        entries_.push_back({.name = *std::move(plain_name),
                            .value = std::move(plain_value).value_or(std::string{}),
                            .wrong = std::string{wrong_value}});
    });
    merge_repeated(entries_);
}

query_fields::entry* query_fields::ask(std::string_view name) {
    auto* found = find_entry(entries_, name);
    if (!found)
        return nullptr;
    found->asked = true;
    return found->wrong.empty() ? found : nullptr;
}

std::optional<std::string> query_fields::text(std::string_view name) {
    const auto* found = ask(name);
    return found ? std::optional{found->value} : std::nullopt;
}

std::optional<std::int64_t> query_fields::integer(std::string_view name, std::int64_t least, std::int64_t most) {
    const auto* found = ask(name);
    if (!found)
        return std::nullopt;
    const auto number = read_decimal(found->value);
    if (!number.is_integer)
        fault(name, "must be an integer");
    else if (!number.in(least, most))
        fault(name, range_text(least, most));
    else
        return number.value;
    return std::nullopt;
}

std::optional<std::vector<std::int64_t>> query_fields::ids(std::string_view name, std::size_t most) {
    const auto* found = ask(name);
    if (!found)
        return std::nullopt;

    std::vector<std::int64_t> all;
    std::string_view rest = found->value;
    for (bool more = true; more;) {
        const auto comma = rest.find(',');
        const auto id = parse_id(rest.substr(0, comma));
        if (!id) {
            fault(name, "must be ids separated by commas");
            return std::nullopt;
        }
        all.push_back(*id);
        more = comma != std::string_view::npos;
        rest.remove_prefix(more ? comma + 1 : 0);
    }
    if (all.size() > most) {
        fault(name, "must not have more than " + std::to_string(most) + " ids");
        return std::nullopt;
    }
    return all;
}

std::optional<std::int64_t> query_fields::cursor(std::string_view name) {
    const auto* found = ask(name);
    if (!found)
        return std::nullopt;
    const auto position = from_cursor(found->value);
    if (!position)
        fault(name, "must be a cursor from the Link header of an earlier page");
    return position;
}

void query_fields::fault(std::string_view name, std::string detail) {
    note_fault(entries_, absent_, name, std::move(detail));
}

result<> query_fields::finish() {
    auto faults = collect_faults(entries_, absent_, "is not a known parameter");
    if (faults.empty())
        return {};
    auto summary = summary_of(faults, "parameters");
    return error{.code = errc::malformed, .detail = std::move(summary), .faults = std::move(faults)};
}

std::string to_cursor(std::int64_t position) {
    std::array<char, 9> bytes{cursor_version};
    for (std::size_t i = 0; i < 8; ++i)
        bytes[i + 1] = static_cast<char>(static_cast<std::uint64_t>(position) >> (56 - 8 * i));
    return to_base64url({bytes.data(), bytes.size()});
}

std::optional<std::int64_t> from_cursor(std::string_view text) {
    if (text.size() != 12) // of nine bytes
        return std::nullopt;
    const auto bytes = from_base64url(text);
    if (!bytes || bytes->front() != cursor_version)
        return std::nullopt;
    std::uint64_t position = 0;
    for (const char c : bytes->substr(1))
        position = position << 8 | static_cast<unsigned char>(c);
    if (position > static_cast<std::uint64_t>(INT64_MAX)) // no page ends at a negative id
        return std::nullopt;
    return static_cast<std::int64_t>(position);
}

std::string next_link(const request& q, std::string_view path, std::int64_t after) {
    std::string link{"<"};
    link.append(path).push_back('?');
    for_each_pair(q.query, [&](std::string_view name, std::string_view value) {
        const auto plain_name = decode_form_text(name);
        const auto plain_value = decode_form_text(value);
        if (!plain_name || !plain_value || *plain_name == "after")
            return;
        link.append(encode_form_text(*plain_name)).push_back('=');
        link.append(encode_form_text(*plain_value)).push_back('&');
    });
    return link.append("after=").append(to_cursor(after)).append(">; rel=\"next\"");
}

} // namespace atrium::http
