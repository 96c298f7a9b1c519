#include "types/suggestions.hpp"

#include "language/abbreviated.hpp"
#include "language/utf16.hpp"

#include <base/text.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace atrium::graphql {
namespace {

constexpr std::size_t max_suggestions = 5;

/// Comparing two names takes time proportional to the product of their lengths, and a document can contain both a long wrong
/// name and long options. So the number of pairs of letters that are compared for one wrong name is limited. The limit is
/// enough for about a thousand options of thirty letters. graphql-js has no limit.
constexpr std::size_t max_compared_letters = 1'000'000;

/// Converts to UTF-16, in which graphql-js measures lengths. `utf8` must be well-formed.
std::u16string to_utf16(std::string_view utf8) {
    std::u16string units;
    units.reserve(utf8.size());
    while (!utf8.empty()) {
        const auto point = first_code_point(utf8);
        utf8.remove_prefix(point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4);
        if (point < 0x10000) {
            units.push_back(static_cast<char16_t>(point));
        } else {
            units.push_back(static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10)));
            units.push_back(static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FF)));
        }
    }
    return units;
}

/// Distances of options from one input: those of Levenshtein, except that a swap of two adjacent letters counts as one change.
class distance_meter {
public:
    explicit distance_meter(std::string_view input)
        : input_{input}, lower_input_{ascii_lower(input)}, units_{to_utf16(lower_input_)},
          threshold_{units_.size() * 2 / 5 + 1} {}

    /// The distance of the option from the input; nothing if they are not close.
    std::optional<std::size_t> distance_to(std::string_view option) {
        if (option == input_)
            return 0;
        const auto lower_option = ascii_lower(option);
        if (lower_option == lower_input_)
            return 1;
        const auto units = to_utf16(lower_option);
        return units.size() < units_.size() ? measure(units_, units) : measure(units, units_);
    }

private:
    /// The distance of two texts; nothing if they are not close. `a` must not be shorter than `b`.
    std::optional<std::size_t> measure(const std::u16string& a, const std::u16string& b) {
        if (a.size() - b.size() > threshold_)
            return {};
        for (auto& row : rows_)
            row.assign(b.size() + 1, 0);
        for (std::size_t j = 0; j <= b.size(); ++j)
            rows_[0][j] = j;
        for (std::size_t i = 1; i <= a.size(); ++i) {
            if (remaining_letters_ < b.size())
                return {};
            remaining_letters_ -= b.size();
            if (fill_row(a, b, i) > threshold_)
                return {}; // no cell of a later row can be smaller
        }
        const auto distance = rows_[a.size() % 3][b.size()];
        return distance <= threshold_ ? std::optional{distance} : std::nullopt;
    }

    /// Fills row `i` of the table, of which three rows are kept, and returns its smallest cell.
    std::size_t fill_row(const std::u16string& a, const std::u16string& b, std::size_t i) {
        const auto& above = rows_[(i - 1) % 3];
        auto& row = rows_[i % 3];
        row[0] = i;
        auto smallest = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replacement = a[i - 1] == b[j - 1] ? 0 : 1;
            auto cell = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + replacement});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cell = std::min(cell, rows_[(i - 2) % 3][j - 2] + 1);
            row[j] = cell;
            smallest = std::min(smallest, cell);
        }
        return smallest;
    }

    std::string_view input_;
    std::string lower_input_;
    std::u16string units_;
    std::size_t threshold_;
    std::array<std::vector<std::size_t>, 3> rows_{};
    std::size_t remaining_letters_ = max_compared_letters;
};

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// Reads the number at `position` and moves past it. A leading zero is a number of its own: "07" is read as 0 and then 7. Large
/// numbers lose digits, as doubles do.
double take_number(std::string_view text, std::size_t& position) noexcept {
    double number = 0;
    do
        number = number * 10 + (text[position++] - '0');
    while (position < text.size() && is_digit(text[position]) && number > 0);
    return number;
}

} // namespace

bool natural_less(std::string_view a, std::string_view b) noexcept {
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        if (is_digit(a[i]) && is_digit(b[j])) {
            const auto number_of_a = take_number(a, i);
            const auto number_of_b = take_number(b, j);
            if (number_of_a != number_of_b)
                return number_of_a < number_of_b;
        } else {
            if (a[i] != b[j])
                return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
            ++i;
            ++j;
        }
    }
    return a.size() < b.size();
}

std::vector<std::string> suggestions(std::string_view input, std::span<const std::string_view> options) {
    using candidate = std::pair<std::size_t, std::string_view>;
    distance_meter meter{input};
    std::vector<candidate> close_options;
    for (const auto option : options) {
        if (const auto distance = meter.distance_to(option))
            close_options.emplace_back(*distance, option);
    }
    std::sort(close_options.begin(), close_options.end(), [](const candidate& a, const candidate& b) {
        return a.first != b.first ? a.first < b.first : natural_less(a.second, b.second);
    });
    std::vector<std::string> names;
    for (const auto& [distance, option] : close_options) {
        if (names.empty() || names.back() != option) // an option may occur twice
            names.emplace_back(option);
    }
    return names;
}

std::string did_you_mean(std::span<const std::string> names, std::string_view introduction) {
    if (names.empty())
        return {};
    std::string text = " Did you mean ";
    if (!introduction.empty())
        text.append(introduction).append(" ");
    const auto count = std::min(names.size(), max_suggestions);
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0)
            text += i + 1 < count ? ", " : count == 2 ? " or " : ", or ";
        text.append("\"").append(abbreviated(names[i])).append("\"");
    }
    return text += '?';
}

std::string did_you_mean(std::string_view input, std::span<const std::string_view> options, std::string_view introduction) {
    return did_you_mean(suggestions(input, options), introduction);
}

} // namespace atrium::graphql
