#include "messages/blanks.hpp"

#include <base/text.hpp>
#include <http/conditional.hpp>

#include <algorithm>

namespace atrium::http {
namespace {

struct entity_tag {
    bool is_weak = false;
    std::string_view opaque; ///< the tag with its quotes
};

/// The value of one conditional field: `*` or a list of tags.
struct tag_list {
    bool is_asterisk = false;
    std::vector<entity_tag> tags = {};
};

/// Whether an entity tag may contain the character (`etagc`, RFC 9110, section 8.8.3).
bool is_tag_character(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x21 || (byte >= 0x23 && byte != 0x7F);
}

/// Removes one tag from the front of `rest`; empty if there is none.
std::optional<entity_tag> take_tag(std::string_view& rest) {
    const bool is_weak = rest.starts_with("W/");
    const auto quoted = rest.substr(is_weak ? 2 : 0);
    if (!quoted.starts_with('"'))
        return std::nullopt;
    const auto end = quoted.find('"', 1);
    if (end == std::string_view::npos ||
        !std::all_of(quoted.begin() + 1, quoted.begin() + static_cast<std::ptrdiff_t>(end), is_tag_character))
        return std::nullopt;
    rest = quoted.substr(end + 1);
    return entity_tag{is_weak, quoted.substr(0, end + 1)};
}

/// Adds the tags of one field line; returns false if the line is malformed. Quoted tags may contain commas, and elements of the
/// list may be empty (RFC 9110, section 5.6.1).
bool add_tags(std::string_view rest, std::vector<entity_tag>& tags) {
    bool may_begin_tag = true;
    for (skip_blanks(rest); !rest.empty(); skip_blanks(rest)) {
        if (rest.front() == ',') {
            may_begin_tag = true;
            rest.remove_prefix(1);
            continue;
        }
        const auto tag = take_tag(rest);
        if (!tag || !may_begin_tag)
            return false;
        tags.push_back(*tag);
        may_begin_tag = false;
    }
    return true;
}

/// All fields with this name form one list. A malformed list is treated as empty, so that it matches nothing.
tag_list read_tags(const request& q, std::string_view name) {
    if (q.headers.count(name) == 1 && q.headers.get(name) == "*")
        return {.is_asterisk = true};
    tag_list list;
    for (const auto& field : q.headers.all())
        if (ascii_iequals(field.name, name) && !add_tags(field.value, list.tags))
            return {};
    return list;
}

/// Whether If-None-Match contains the ETag or is `*`. The comparison is weak (RFC 9110, section 8.8.3.2).
bool matches_none_match(const request& q, std::string_view etag) {
    const auto list = read_tags(q, "If-None-Match");
    return list.is_asterisk ||
           std::any_of(list.tags.begin(), list.tags.end(), [&](const entity_tag& t) { return t.opaque == etag; });
}

/// Whether If-Match contains the ETag or is `*`. The comparison is strong: a weak tag does not match.
bool matches_if_match(const request& q, std::string_view etag) {
    const auto list = read_tags(q, "If-Match");
    return list.is_asterisk ||
           std::any_of(list.tags.begin(), list.tags.end(), [&](const entity_tag& t) { return !t.is_weak && t.opaque == etag; });
}

} // namespace

precondition evaluate_preconditions(const request& q, std::string_view etag) {
    if (q.headers.has("If-Match") && !matches_if_match(q, etag))
        return precondition::fails;
    if (!q.headers.has("If-None-Match") || !matches_none_match(q, etag))
        return precondition::holds;
    return q.method == verb::get || q.method == verb::head ? precondition::not_modified : precondition::fails;
}

} // namespace atrium::http
