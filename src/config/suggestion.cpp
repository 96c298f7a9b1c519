#include "suggestion.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace atrium::config {
namespace {

/// Damerau-Levenshtein distance in its optimal-string-alignment form.
std::size_t typing_mistakes(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});

    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substitution = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + substitution});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
        before_last.swap(last);
        last.swap(row);
    }
    return last[b.size()];
}

std::string only_one_ending_in(std::string_view written, const std::vector<std::string>& names) {
    const auto ending = "." + std::string{written};
    const auto ends = [&](const std::string& name) { return name.ends_with(ending); };
    return std::count_if(names.begin(), names.end(), ends) == 1 ? *std::find_if(names.begin(), names.end(), ends) : "";
}

} // namespace

std::string nearest(std::string_view written, const std::vector<std::string>& names) {
    // Longer strings are not typing mistakes, and the time grows with the square of the length.
    constexpr std::size_t max_length = 100;
    if (written.size() > max_length)
        return {};

    std::string found;
    auto fewest = std::max<std::size_t>(1, written.size() / 4) + 1;
    for (const auto& name : names)
        if (const auto mistakes = typing_mistakes(written, name); mistakes < fewest) {
            fewest = mistakes;
            found = name;
        }
    return found.empty() ? only_one_ending_in(written, names) : found;
}

} // namespace atrium::config
