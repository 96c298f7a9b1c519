#include "metrics_page.hpp"

#include <algorithm>
#include <map>
#include <sstream>
#include <stdexcept>

namespace atrium::monitoring {
namespace {

constexpr std::string_view begin_of_table = "<!-- metrics: ";
constexpr std::string_view end_of_table = "<!-- end of the table -->";

std::string unit_of(std::string_view name) {
    for (const std::string_view unit : {"seconds", "bytes"})
        if (name.ends_with("_" + std::string{unit}))
            return std::string{unit};
    return "number";
}

std::string row_of(const std::string& name, const metric& shown, const std::string& advice) {
    std::string labels;
    for (const auto& label : shown.labels)
        labels += (labels.empty() ? "`" : ", `") + label + "`";
    return "| `" + name + "` | " + shown.type + " | " + labels + " | " + unit_of(name) + " | " + shown.help + " | " + advice +
           " |\n";
}

/// The last column of each row, by the name in the first column.
std::map<std::string, std::string> read_advice(std::string_view page) {
    std::map<std::string, std::string> advice;
    std::istringstream lines{std::string{page}};
    for (std::string line; std::getline(lines, line);) {
        const auto end_of_name = line.find("` | ");
        const auto begin_of_last = line.rfind(" | ");
        if (line.starts_with("| `atrium_") && line.ends_with(" |") && begin_of_last > end_of_name)
            advice[line.substr(3, end_of_name - 3)] = line.substr(begin_of_last + 3, line.size() - 2 - begin_of_last - 3);
    }
    return advice;
}

std::vector<std::string> split(std::string_view words) {
    std::istringstream all{std::string{words}};
    std::vector<std::string> found;
    for (std::string word; all >> word;)
        found.push_back(word);
    return found;
}

} // namespace

metrics_page render_page(std::string_view page, const metrics& exported) {
    auto advice = read_advice(page);
    metrics_page rendered;
    std::istringstream lines{std::string{page}};
    bool is_in_table = false;
    for (std::string line; std::getline(lines, line);) {
        if (line == end_of_table)
            is_in_table = false;
        if (!is_in_table)
            rendered.text += line + '\n';
        if (!line.starts_with(begin_of_table))
            continue;
        is_in_table = true;
        rendered.text += "| metric | type | labels | unit | meaning | what to do |\n|---|---|---|---|---|---|\n";
        const auto prefixes =
            split(std::string_view{line}.substr(begin_of_table.size(), line.rfind(' ') - begin_of_table.size()));
        for (const auto& [name, shown] : exported) {
            if (std::ranges::none_of(prefixes, [&](const auto& prefix) { return name.starts_with(prefix); }))
                continue;
            rendered.text += row_of(name, shown, advice[name]);
            rendered.listed.push_back(name);
            if (advice[name].empty())
                rendered.without_advice.push_back(name);
        }
    }
    if (is_in_table)
        throw std::runtime_error{"a table of metrics has no end"};
    return rendered;
}

} // namespace atrium::monitoring
