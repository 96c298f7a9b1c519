#pragma once

#include "core/journal_tables.hpp"

#include <functional>
#include <string_view>

namespace atrium::events::table {

/// Like `for_each_event`, but only with the events of `key`, which an index finds: the cost does not depend on the others.
void for_each_event_of_key(storage::snapshot& s, std::string_view key, event_seq first, event_seq last, bool is_reverse,
                           int limit, const std::function<bool(const event_head&)>& look);

} // namespace atrium::events::table
