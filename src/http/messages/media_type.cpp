#include "messages/blanks.hpp"
#include "messages/scanning.hpp"

#include <base/text.hpp>
#include <http/media_type.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>
#include <vector>

namespace atrium::http {
namespace {

/// Reads the rest of a quoted string; returns false if the closing quote is missing.
bool take_quoted(std::string_view& rest, std::string& value) {
    while (!rest.empty()) {
        if (take_character(rest, '"'))
            return true;
        (void)take_character(rest, '\\');
        if (rest.empty())
            return false;
        value.push_back(rest.front());
        rest.remove_prefix(1);
    }
    return false;
}

/// One element of an Accept field.
struct media_range {
    std::string essence; ///< "text/html", "text/*", "*/*"
    double quality = 1;

    /// How specific the match is: 0 for none, 1 for "*/*", 2 for "text/*", 3 for the exact type.
    [[nodiscard]] int match(std::string_view offered) const {
        if (essence == offered)
            return 3;
        if (essence.ends_with("/*") && offered.starts_with(std::string_view{essence}.substr(0, essence.size() - 1)))
            return 2;
        return essence == "*/*" ? 1 : 0;
    }
};

/// Splits a list at the commas outside of quotes.
std::vector<std::string_view> split_list(std::string_view text) {
    std::vector<std::string_view> elements;
    bool is_quoted = false;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i == text.size() || (text[i] == ',' && !is_quoted)) {
            elements.push_back(text.substr(begin, i - begin));
            begin = i + 1;
        } else if (text[i] == '"') {
            is_quoted = !is_quoted;
        } else if (text[i] == '\\' && is_quoted) {
            ++i;
        }
    }
    return elements;
}

/// Returns 0 if the text is malformed, so that the client does not get that type.
double read_quality(std::string_view text) {
    double quality = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), quality, std::chars_format::fixed);
    return failure == std::errc{} && end == text.data() + text.size() && quality >= 0 && quality <= 1 ? quality : 0;
}

/// The elements of all Accept fields in the client's order, without malformed ones.
std::vector<media_range> read_accept(const request& q) {
    std::vector<media_range> ranges;
    for (const auto& header : q.headers.all()) {
        if (!ascii_iequals(header.name, "Accept"))
            continue;
        for (const auto element : split_list(header.value)) {
            const auto type = parse_media_type(element);
            if (type.essence.empty())
                continue;
            media_range range{type.essence};
            for (const auto& [name, value] : type.parameters)
                if (name == "q")
                    range.quality = read_quality(value);
            ranges.push_back(std::move(range));
        }
    }
    return ranges;
}

} // namespace

bool media_type::is_utf8() const noexcept {
    return parameters.empty() ||
           (parameters.size() == 1 && parameters[0].first == "charset" && ascii_iequals(parameters[0].second, "utf-8"));
}

media_type parse_media_type(std::string_view text) {
    media_type parsed;
    skip_blanks(text);
    const auto type = take_token(text);
    const bool has_slash = take_character(text, '/');
    const auto subtype = take_token(text);
    if (type.empty() || !has_slash || subtype.empty())
        return {};

    for (skip_blanks(text); !text.empty(); skip_blanks(text)) {
        if (!take_character(text, ';'))
            return {};
        skip_blanks(text);
        if (text.empty() || text.front() == ';') // an empty parameter is allowed
            continue;
        const auto name = take_token(text);
        if (name.empty() || !take_character(text, '='))
            return {};
        std::string value;
        if (take_character(text, '"')) {
            if (!take_quoted(text, value))
                return {};
        } else if (value = take_token(text); value.empty()) {
            return {};
        }
        parsed.parameters.emplace_back(ascii_lower(name), std::move(value));
    }
    parsed.essence = ascii_lower(type) + "/" + ascii_lower(subtype);
    return parsed;
}

std::optional<std::string_view> negotiate(const request& q, std::span<const std::string_view> offered) {
    const auto ranges = read_accept(q);
    if (ranges.empty())
        return offered.front();

    std::optional<std::string_view> best;
    std::tuple<double, bool, std::ptrdiff_t> best_rank{}; // quality, whether it is named exactly, position (earlier is better)
    for (const auto each : offered) {
        // The most specific range that matches a type determines its quality.
        const auto range = std::ranges::max_element(ranges, {}, [&](const media_range& one) { return one.match(each); });
        if (range->match(each) == 0 || range->quality == 0)
            continue;
        const bool is_named = range->match(each) == 3;
        const std::tuple rank{range->quality, is_named, is_named ? -(range - ranges.begin()) : 0};
        if (!best || rank > best_rank) {
            best = each;
            best_rank = rank;
        }
    }
    return best;
}

bool wants_page(const request& q) {
    constexpr std::array<std::string_view, 2> offered{"application/json", "text/html"};
    return negotiate(q, offered) == offered[1];
}

} // namespace atrium::http
