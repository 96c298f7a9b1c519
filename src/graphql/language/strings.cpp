#include "language/strings.hpp"

#include "language/utf16.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <vector>

namespace atrium::graphql {
namespace {

constexpr std::string_view blanks = " \t";

/// Maximum length, in UTF-16 code units, of a block string that is printed on the same line as its quotes, as in graphql-js.
constexpr std::size_t max_length_beside_quotes = 70;

/// Lines end with LF, CR or CRLF.
std::vector<std::string_view> split_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    for (;;) {
        const auto end = text.find_first_of("\n\r");
        lines.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return lines;
        text.remove_prefix(end + (text.substr(end, 2) == "\r\n" ? 2 : 1));
    }
}

bool is_blank(std::string_view line) noexcept {
    return line.find_first_not_of(blanks) == std::string_view::npos;
}

bool begins_blank(std::string_view line) noexcept {
    return !line.empty() && blanks.find(line.front()) != std::string_view::npos;
}

/// The indentation that all lines but the first have in common. The first line begins directly after the quotes, so blanks
/// there are not indentation.
std::size_t common_indentation(const std::vector<std::string_view>& lines) noexcept {
    auto common = std::numeric_limits<std::size_t>::max();
    for (std::size_t i = 1; i < lines.size(); ++i)
        common = std::min(common, lines[i].find_first_not_of(blanks)); // npos for blank lines, which do not affect the result
    return common;
}

} // namespace

std::string_view block_string_value(std::string_view raw, std::pmr::memory_resource& arena) {
    if (raw.find_first_not_of(" \t\n\r") == std::string_view::npos)
        return {};
    if (raw.find_first_of("\n\r") == std::string_view::npos)
        return raw;

    auto lines = split_lines(raw);
    const auto indentation = common_indentation(lines);
    for (std::size_t i = 1; i < lines.size(); ++i)
        lines[i].remove_prefix(std::min(indentation, lines[i].size()));

    const auto has_text = [](std::string_view line) { return !is_blank(line); };
    const auto first = std::find_if(lines.begin(), lines.end(), has_text);
    const auto last = std::find_if(lines.rbegin(), lines.rend(), has_text).base();
    auto* const text = static_cast<char*>(arena.allocate(raw.size(), 1)); // a value is never longer than its source
    auto* end = text;
    for (auto line = first; line != last; ++line) {
        if (line != first)
            *end++ = '\n';
        end = std::copy(line->begin(), line->end(), end);
    }
    return {text, static_cast<std::size_t>(end - text)};
}

bool is_printable_as_block_string(std::string_view text) noexcept {
    if (text.empty())
        return true;
    // The characters from U+0010 to U+001F are accepted, as by graphql-js.
    const auto is_unprintable = [](char c) { return c >= '\0' && c < '\x10' && c != '\t' && c != '\n'; };
    if (std::any_of(text.begin(), text.end(), is_unprintable))
        return false;

    // A last line of blanks would be lost. If there are several lines, an indentation that all of them share would also be
    // lost.
    bool line_is_blank = true;
    bool line_is_indented = false;
    bool all_lines_are_indented = true;
    bool has_several_lines = false;
    for (const char c : text) {
        if (c == '\n') {
            if (line_is_blank && !has_several_lines)
                return false; // a blank first line would also be lost
            has_several_lines = true;
            line_is_blank = true;
            line_is_indented = false;
        } else if (blanks.find(c) != std::string_view::npos) {
            line_is_indented = line_is_indented || line_is_blank;
        } else {
            all_lines_are_indented = all_lines_are_indented && line_is_indented;
            line_is_blank = false;
        }
    }
    return !line_is_blank && !(all_lines_are_indented && has_several_lines);
}

std::string print_block_string(std::string_view text) {
    std::string escaped;
    auto rest = text;
    for (std::size_t quotes; (quotes = rest.find(R"(""")")) != std::string_view::npos; rest.remove_prefix(quotes + 3))
        escaped.append(rest.substr(0, quotes)).append(R"(\""")");
    escaped.append(rest);

    const auto lines = split_lines(escaped);
    const bool is_one_line = lines.size() == 1;
    // If there were no line break after the opening quotes, the first line would not count for the common indentation, and the
    // others would lose theirs.
    const bool must_begin_on_new_line = !is_one_line && std::all_of(lines.begin() + 1, lines.end(), [](std::string_view line) {
        return line.empty() || begins_blank(line);
    });
    const bool ends_with_three_quotes = escaped.ends_with(R"(\""")");
    const bool must_end_on_new_line = (escaped.ends_with('"') && !ends_with_three_quotes) || escaped.ends_with('\\');
    const bool quotes_need_own_lines =
        !is_one_line || utf16_length(text) > max_length_beside_quotes || must_end_on_new_line || ends_with_three_quotes;
    // After a line break, the blanks at the beginning of the line would count as indentation and be removed.
    const bool must_begin_on_same_line = is_one_line && begins_blank(escaped);

    std::string printed{R"(""")"};
    if ((quotes_need_own_lines && !must_begin_on_same_line) || must_begin_on_new_line)
        printed += '\n';
    printed += escaped;
    if (quotes_need_own_lines)
        printed += '\n';
    return printed += R"(""")";
}

std::string print_string(std::string_view text) {
    std::string printed{'"'};
    const auto escape = [&](unsigned point) {
        std::array<char, 8> sequence{};
        std::snprintf(sequence.data(), sequence.size(), "\\u%04X", point);
        printed += sequence.data();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        switch (c) {
        case '"': printed += R"(\")"; break;
        case '\\': printed += R"(\\)"; break;
        case '\b': printed += R"(\b)"; break;
        case '\t': printed += R"(\t)"; break;
        case '\n': printed += R"(\n)"; break;
        case '\f': printed += R"(\f)"; break;
        case '\r': printed += R"(\r)"; break;
        default:
            if (c < 0x20 || c == 0x7F)
                escape(c);
            else if (c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0)
                escape(static_cast<unsigned char>(text[++i])); // U+0080 to U+009F
            else
                printed += text[i];
        }
    }
    return printed += '"';
}

} // namespace atrium::graphql
