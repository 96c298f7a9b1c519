#include "table.hpp"

#include <base/printable.hpp>
#include <base/text.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace atrium::event_commands {
namespace {

constexpr std::size_t gap = 2;             ///< blanks between two columns
constexpr std::size_t min_last_column = 8; ///< characters; the last column is not cut to fewer

/// The first `count` code points.
std::string_view beginning(std::string_view text, std::size_t count) {
    std::size_t end = 0;
    for (; end < text.size(); ++end) {
        const bool begins_code_point = (static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U;
        if (begins_code_point && count-- == 0)
            break;
    }
    return text.substr(0, end);
}

/// Returns the text, cut to at most `width` characters.
std::string cut(const std::string& text, std::size_t width) {
    if (count_code_points(text) <= width)
        return text;
    return std::string{beginning(text, width - 1)} + "…";
}

void append_cell(std::string& line, const std::string& cell, std::size_t width, bool is_number, bool is_last) {
    const std::string blanks(width - std::min(width, count_code_points(cell)), ' ');
    if (is_number)
        line += blanks;
    line += cell;
    if (!is_number && !is_last)
        line += blanks;
    if (!is_last)
        line.append(gap, ' ');
}

} // namespace

void table::add(std::vector<std::string> cells) {
    std::ranges::transform(cells, cells.begin(), [](const std::string& cell) { return printable(cell); });
    rows_.push_back(std::move(cells));
}

std::string table::render(std::size_t width) const {
    std::vector<std::string> headings;
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        headings.push_back(columns_[i].heading);
        widths.push_back(count_code_points(columns_[i].heading));
        for (const auto& row : rows_)
            widths[i] = std::max(widths[i], count_code_points(row[i]));
    }
    std::size_t width_before_last_column = 0;
    for (std::size_t i = 0; i + 1 < widths.size(); ++i)
        width_before_last_column += widths[i] + gap;
    if (width > 0) { // 0 means no limit
        const auto remaining_width = width - std::min(width, width_before_last_column);
        widths.back() = std::min(widths.back(), std::max(remaining_width, min_last_column));
    }

    std::string text;
    const auto append_row = [&](const std::vector<std::string>& row) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            const bool is_last = i + 1 == row.size();
            append_cell(text, is_last ? cut(row[i], widths[i]) : row[i], widths[i], columns_[i].is_number, is_last);
        }
        text += '\n';
    };
    append_row(headings);
    for (const auto& row : rows_)
        append_row(row);
    return text;
}

} // namespace atrium::event_commands
