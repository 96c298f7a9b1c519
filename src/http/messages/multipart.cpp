#include "messages/multipart.hpp"

#include "messages/blanks.hpp"
#include "messages/scanning.hpp"

#include <base/text.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace atrium::http {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::size_t max_part_header = 4 * 1024; // bytes; browsers send about 100
constexpr std::size_t max_boundary = 70;          // characters (RFC 2046, section 5.1.1)

error malformed(std::string detail) {
    return {.code = errc::malformed, .detail = "the body cannot be read as multipart/form-data: " + std::move(detail)};
}

bool take(std::string_view& rest, std::string_view expected) {
    if (!rest.starts_with(expected))
        return false;
    rest.remove_prefix(expected.size());
    return true;
}

bool has_control_byte(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

/// Decodes the escapes of the WHATWG's form encoding (HTML, section 4.10.21.8). There are only these three; a backslash
/// is an ordinary character.
std::string decode_name(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, char>, 3> escapes{{{"%22", '"'}, {"%0D", '\r'}, {"%0A", '\n'}}};
    std::string name;
    while (!text.empty()) {
        const auto known =
            std::find_if(escapes.begin(), escapes.end(), [&](const auto& e) { return text.starts_with(e.first); });
        name.push_back(known == escapes.end() ? text.front() : known->second);
        text.remove_prefix(known == escapes.end() ? 1 : known->first.size());
    }
    return name;
}

/// Reads a quoted value, or a token, which some programs send.
std::optional<std::string_view> take_parameter_value(std::string_view& rest) {
    if (!take_character(rest, '"')) {
        const auto token = take_token(rest);
        return token.empty() ? std::nullopt : std::optional{token};
    }
    const auto end = rest.find('"');
    if (end == std::string_view::npos)
        return std::nullopt;
    const auto value = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return value;
}

/// Reads `form-data; name="..."`. Returns false if it is malformed, or does not have exactly one name.
bool read_disposition(std::string_view text, form_part& part) {
    bool has_name = false;
    if (!ascii_iequals(take_token(text), "form-data"))
        return false;
    for (skip_blanks(text); !text.empty(); skip_blanks(text)) {
        if (!take_character(text, ';'))
            return false;
        skip_blanks(text);
        const auto parameter = take_token(text);
        if (parameter.empty() || !take_character(text, '='))
            return false;
        const auto value = take_parameter_value(text);
        if (!value)
            return false;
        if (ascii_iequals(parameter, "name")) {
            if (std::exchange(has_name, true))
                return false;
            part.name = decode_name(*value);
        } else if (ascii_iequals(parameter, "filename") || ascii_iequals(parameter, "filename*")) {
            part.is_file = true;
        }
    }
    return has_name;
}

/// Removes the next line and returns it without its end; empty if no line ends within the maximum size of a header.
std::optional<std::string_view> take_line(std::string_view& rest) {
    const auto end = rest.substr(0, max_part_header).find(line_end);
    if (end == std::string_view::npos)
        return std::nullopt;
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end + line_end.size());
    return line;
}

class part_header_reader {
public:
    explicit part_header_reader(form_part& part) : part_{part} {}

    /// Reads the lines before the empty line that ends the header, and removes them from `rest`.
    result<> read(std::string_view& rest) {
        const auto size = rest.size();
        while (!rest.starts_with(line_end)) {
            const auto line = take_line(rest);
            if (!line || size - rest.size() > max_part_header)
                return malformed("the header of a part is too large or does not end");
            if (!take_field(*line))
                return malformed("a header of a part is malformed");
        }
        if (!has_disposition_)
            return malformed("each part needs a Content-Disposition of form-data with a name");
        return {};
    }

private:
    bool take_field(std::string_view line) {
        const auto name = take_token(line);
        if (name.empty() || !take_character(line, ':') || has_control_byte(line))
            return false;
        skip_blanks(line);
        line = line.substr(0, line.find_last_not_of(" \t") + 1);
        if (ascii_iequals(name, "Content-Disposition"))
            return !std::exchange(has_disposition_, true) && read_disposition(line, part_);
        if (ascii_iequals(name, "Content-Type"))
            return set_once(part_.content_type, line);
        if (ascii_iequals(name, "Content-Transfer-Encoding"))
            return set_once(part_.transfer_encoding, line);
        return true; // all other fields are ignored (RFC 7578, section 4.8)
    }

    static bool set_once(std::string_view& field, std::string_view value) {
        return !value.empty() && std::exchange(field, value).empty();
    }

    form_part& part_;
    bool has_disposition_ = false;
};

} // namespace

multipart_reader::multipart_reader(std::string_view body, std::string_view boundary)
    : delimiter_{std::string{line_end} + "--"}, rest_{body} {
    delimiter_.append(boundary);
}

result<std::optional<form_part>> multipart_reader::next() {
    if (!std::exchange(has_begun_, true) && !take(rest_, std::string_view{delimiter_}.substr(line_end.size())))
        return malformed("it does not begin with its boundary");
    if (take(rest_, "--")) {
        skip_blanks(rest_);
        if (!rest_.empty() && rest_ != line_end)
            return malformed("there is data after its last boundary");
        return std::optional<form_part>{};
    }
    skip_blanks(rest_);
    if (!take(rest_, line_end))
        return malformed("a boundary is not followed by the end of its line");

    form_part part;
    if (const auto header = part_header_reader{part}.read(rest_); !header)
        return header.error();
    // Each delimiter begins with CRLF. If the part is empty, this can be the same CRLF that ends its header; then `end` is 0.
    const auto end = rest_.find(delimiter_);
    if (end == std::string_view::npos)
        return malformed("it ends before its last boundary");
    if (end > 0)
        part.content = rest_.substr(line_end.size(), end - line_end.size());
    rest_.remove_prefix(end + delimiter_.size());
    return std::optional{std::move(part)};
}

bool is_boundary(std::string_view text) noexcept {
    constexpr std::string_view other_characters = "'()+_,-./:=? ";
    return !text.empty() && text.size() <= max_boundary && text.back() != ' ' &&
           std::all_of(text.begin(), text.end(), [&](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      other_characters.find(c) != other_characters.npos;
           });
}

} // namespace atrium::http
