#pragma once

#include "core/failure_tables.hpp"

#include <events/dead_letter.hpp>
#include <events/list_page.hpp>
#include <events/topic_pattern.hpp>
#include <storage/sql.hpp>

#include <optional>

namespace atrium::events {

/// Lists the failure groups that have dead letters, with a bounded number of rows read for each page.
class failure_group_list {
public:
    /// Uses the members `subscription`, `topic`, `error` and `group` of the filter.
    explicit failure_group_list(dead_letter_filter filter);

    /// Groups after `after`.
    [[nodiscard]] list_page<failure_group, failure_group_id> find(storage::snapshot& s, failure_group_id after,
                                                                  int limit) const;

private:
    [[nodiscard]] bool matches(const table::failure_group_row& row) const;

    dead_letter_filter filter_;
    std::optional<topic_pattern> topic_;
};

} // namespace atrium::events
