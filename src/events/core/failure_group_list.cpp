#include "core/failure_group_list.hpp"

#include "core/dead_letter_tables.hpp"

#include <algorithm>
#include <utility>

namespace atrium::events {
namespace {

constexpr int max_groups_examined = 1'000;
constexpr std::int64_t max_letters_counted =
    5 * capped_count::limit; // max number of dead letters that one page counts, for all of its groups

} // namespace

failure_group_list::failure_group_list(dead_letter_filter filter) : filter_{std::move(filter)} {
    if (filter_.topic)
        topic_.emplace(*filter_.topic);
}

list_page<failure_group, failure_group_id> failure_group_list::find(storage::snapshot& s, failure_group_id after,
                                                                    int limit) const {
    list_page<failure_group, failure_group_id> page;
    if (filter_.group)
        after = std::max(after, {filter_.group->value - 1});
    const int max_examined = filter_.group ? 1 : max_groups_examined;
    std::int64_t counted = 0;
    int examined = 0;
    for (auto& row : table::failure_groups(s, after, max_examined)) {
        ++examined;
        page.next = row.id;
        if (!matches(row))
            continue;
        const auto letters = table::count_group(s, row.id, capped_count::limit + 1);
        const auto example = table::newest_dead_letter_of_group(s, row.id);
        if (!example)
            continue;
        page.items.push_back({.id = row.id,
                              .subscription = std::move(row.subscription),
                              .topic = std::move(row.topic),
                              .error = std::move(row.error),
                              .letters = capped(letters),
                              .first = row.first,
                              .last = row.last,
                              .example = to_dead_letter_id(*example)});
        counted += letters;
        if (static_cast<int>(page.items.size()) == limit || counted >= max_letters_counted)
            break;
    }
    const bool is_complete =
        examined < max_examined && static_cast<int>(page.items.size()) < limit && counted < max_letters_counted;
    if (filter_.group || is_complete)
        page.next.reset();
    return page;
}

bool failure_group_list::matches(const table::failure_group_row& row) const {
    return (!filter_.group || row.id == *filter_.group) &&
           (!filter_.subscription || row.subscription == *filter_.subscription) && (!topic_ || topic_->matches(row.topic)) &&
           (!filter_.error || row.error.find(*filter_.error) != row.error.npos);
}

} // namespace atrium::events
