#include "exported_metrics.hpp"

#include <sstream>
#include <stdexcept>

namespace atrium::monitoring {
namespace {

/// Removes the text up to and including `end` from the front of `line`. Returns the text before `end`.
std::string take(std::string_view& line, char end) {
    const auto length = line.find(end);
    if (length == std::string_view::npos)
        throw std::runtime_error{"'" + std::string{1, end} + "' is missing in: " + std::string{line}};
    const std::string taken{line.substr(0, length)};
    line.remove_prefix(length + 1);
    return taken;
}

/// Skips a quoted value, in which a backslash precedes a quote or another backslash.
void skip_value(std::string_view& line) {
    (void)take(line, '"');
    while (!line.starts_with('"'))
        line.remove_prefix(line.starts_with('\\') ? 2 : 1);
    line.remove_prefix(1);
}

void add_labels(metric& found, std::string_view sample) {
    const auto begin = sample.find('{');
    if (begin == std::string_view::npos)
        return;
    sample.remove_prefix(begin + 1);
    while (!sample.starts_with('}')) {
        if (const auto name = take(sample, '='); name != "le")
            found.labels.insert(name);
        skip_value(sample);
        if (sample.starts_with(','))
            sample.remove_prefix(1);
    }
}

} // namespace

void add_exported(metrics& collected, std::string_view exposition) {
    std::istringstream lines{std::string{exposition}};
    metric* current = nullptr;
    std::string help;
    for (std::string text; std::getline(lines, text);) {
        std::string_view line = text;
        const bool is_help = line.starts_with("# HELP ");
        const bool is_type = line.starts_with("# TYPE ");
        if (is_help || is_type)
            line.remove_prefix(7);
        if (is_help) {
            (void)take(line, ' ');
            help = line;
        } else if (is_type) {
            const auto name = take(line, ' ');
            const metric found{.type = std::string{line}, .help = help, .labels = {}};
            current = &collected.try_emplace(name, found).first->second;
            if (current->type != found.type || current->help != found.help)
                throw std::runtime_error{name + " has two types or descriptions"};
        } else if (current) {
            add_labels(*current, line);
        } else {
            throw std::runtime_error{"a sample without a type: " + text};
        }
    }
}

const metric* find_series(const metrics& exported, std::string_view series) {
    if (const auto same = exported.find(std::string{series}); same != exported.end())
        return same->second.type == "histogram" ? nullptr : &same->second;
    for (const std::string_view suffix : {"_bucket", "_sum", "_count"}) {
        if (!series.ends_with(suffix))
            continue;
        const auto base = exported.find(std::string{series.substr(0, series.size() - suffix.size())});
        if (base != exported.end() && base->second.type == "histogram")
            return &base->second;
    }
    return nullptr;
}

} // namespace atrium::monitoring
