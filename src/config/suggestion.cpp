#include <config/suggestion.hpp>

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace atrium::config {
namespace {

/// Damerau-Levenshtein distance in its optimal-string-alignment form.
std::size_t typing_mistakes(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row_before_last(b.size() + 1);
    std::vector<std::size_t> last_row(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(last_row.begin(), last_row.end(), std::size_t{0});

    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substitution = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({last_row[j] + 1, row[j - 1] + 1, last_row[j - 1] + substitution});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], row_before_last[j - 2] + 1);
        }
        row_before_last.swap(last_row);
        last_row.swap(row);
    }
    return last_row[b.size()];
}

std::string find_only_name_with_ending(std::string_view written, const std::vector<std::string>& names) {
    const auto ending = "." + std::string{written};
    const auto has_ending = [&](const std::string& name) { return name.ends_with(ending); };
    return std::count_if(names.begin(), names.end(), has_ending) == 1 ? *std::find_if(names.begin(), names.end(), has_ending)
                                                                      : "";
}

} // namespace

std::string nearest(std::string_view written, const std::vector<std::string>& names) {
    // In bytes. A longer string cannot be a misspelled name, and comparing it would take long.
    constexpr std::size_t max_length = 100;
    if (written.size() > max_length)
        return {};

    std::string found;
    // One mistake for every four letters is allowed, but always at least one.
    auto fewest = std::max<std::size_t>(1, written.size() / 4) + 1;
    for (const auto& name : names)
        if (const auto mistakes = typing_mistakes(written, name); mistakes < fewest) {
            fewest = mistakes;
            found = name;
        }
    return found.empty() ? find_only_name_with_ending(written, names) : found;
}

} // namespace atrium::config
