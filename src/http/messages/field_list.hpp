#pragma once

#include <base/error.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::http {

// What body_fields and query_fields share: lists of entries with `name`, `asked` and `wrong`, in the order of their arrival.

template <class Entry>
[[nodiscard]] Entry* find_entry(std::vector<Entry>& entries, std::string_view name) {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.name == name; });
    return found == entries.end() ? nullptr : &*found;
}

/// Keeps the first entry of each name and notes the fault of those that came again. By sorting, as a client decides how many
/// there are.
template <class Entry>
void merge_repeated(std::vector<Entry>& entries) {
    std::vector<Entry*> by_name;
    by_name.reserve(entries.size());
    for (auto& each : entries)
        by_name.push_back(&each);
    std::sort(by_name.begin(), by_name.end(), [](const Entry* a, const Entry* b) {
        const int order = a->name.compare(b->name);
        return order < 0 || (order == 0 && a < b);
    });

    std::vector<bool> again(entries.size());
    for (std::size_t i = 1, first = 0; i < by_name.size(); ++i) {
        if (by_name[i]->name != by_name[first]->name) {
            first = i;
            continue;
        }
        by_name[first]->wrong = "appears more than once";
        again[static_cast<std::size_t>(by_name[i] - entries.data())] = true;
    }

    std::vector<Entry> kept;
    kept.reserve(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i)
        if (!again[i])
            kept.push_back(std::move(entries[i]));
    entries = std::move(kept);
}

/// Notes the fault of one name, unless it has one already.
template <class Entry>
void note_fault(std::vector<Entry>& entries, std::vector<fault>& absent, std::string_view name, std::string detail) {
    if (auto* entry = find_entry(entries, name)) {
        if (entry->wrong.empty())
            entry->wrong = std::move(detail);
    } else if (std::none_of(absent.begin(), absent.end(), [&](const fault& f) { return f.pointer == name; })) {
        absent.push_back({std::string{name}, std::move(detail)});
    }
}

/// All faults by name: of the entries in their order, then of what is absent. Entries that nobody asked for are faulty.
template <class Entry>
[[nodiscard]] std::vector<fault> collect_faults(const std::vector<Entry>& entries, const std::vector<fault>& absent,
                                                std::string_view unknown) {
    std::vector<fault> all;
    for (const auto& each : entries)
        if (!each.asked)
            all.push_back({each.name, std::string{unknown}});
        else if (!each.wrong.empty())
            all.push_back({each.name, each.wrong});
    all.insert(all.end(), absent.begin(), absent.end());
    return all;
}

/// One sentence for people: the fault itself where it is the only one.
[[nodiscard]] inline std::string summary_of(const std::vector<fault>& faults, std::string_view what) {
    if (faults.size() == 1)
        return faults.front().pointer + " " + faults.front().detail;
    return std::to_string(faults.size()) + " " + std::string{what} + " are faulty";
}

} // namespace atrium::http
