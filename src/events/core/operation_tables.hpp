#pragma once

#include "core/dead_letter_tables.hpp"

#include <events/bulk_operation.hpp>
#include <storage/sql.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

/// All SQL about the operations of operators (migrations/events/0006). Each function works on the transaction or snapshot of
/// the owner `events`.
namespace atrium::events::table {

struct operation_row {
    bulk_operation operation;
    /// The operation includes only dead letters whose `failure` is not higher than this number. For a replay or resend, it
    /// includes only events whose seq is not higher.
    std::int64_t bound = 0;
    dead_letter_place cursor; ///< the operation continues after this dead letter or event
};

operation_id insert_operation(storage::transaction& t, const operation_row& row);
[[nodiscard]] std::optional<operation_row> find_operation(storage::snapshot& s, operation_id id);
/// The operation with this replay id.
[[nodiscard]] std::optional<operation_row> find_replay(storage::snapshot& s, std::string_view replay);
/// Up to `limit` operations before `before`, newest first.
[[nodiscard]] std::vector<bulk_operation> operations_before(storage::snapshot& s, operation_id before, int limit);
/// The first `limit` running operations.
[[nodiscard]] std::vector<operation_id> running_operations(storage::snapshot& s, int limit);
/// Stores the cursor and the counts of a running operation.
void set_progress(storage::transaction& t, const operation_row& row);
/// Stores the state, counts and end of an operation.
void end_operation(storage::transaction& t, const bulk_operation& ended);
/// Removes up to `limit` operations that have ended, the oldest first: those that began before `cutoff`, and those that are
/// not among the newest `count`. Returns their number.
int remove_old_operations(storage::transaction& t, timestamp cutoff, std::int64_t count, int limit);

/// The sizes of the tables that `history_limits` keeps bounded, in rows.
struct history_sizes {
    std::int64_t failures;
    std::int64_t groups;
    std::int64_t archived;
    std::int64_t operations;
};
[[nodiscard]] history_sizes count_history(storage::snapshot& s);

} // namespace atrium::events::table
