#pragma once

#include <base/clock.hpp>
#include <idempotency/claim.hpp>
#include <storage/sql.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// All SQL on the tables of this part, `idempotency_*`. Each function needs a transaction or snapshot that may access these
/// tables: one of a store of the owner `idempotency`, or one that acts as this owner (`storage::acting_as`).
namespace atrium::idempotency::table {

using request_id = id<struct request_tag>;

/// A request that was sent with a key.
struct request_row {
    request_id id;
    std::string fingerprint;
    std::optional<stored_response> response; ///< empty if only some fields of a GraphQL mutation are complete
};

[[nodiscard]] std::optional<request_row> find_request(storage::snapshot& s, const request_key& key);
[[nodiscard]] completed_fields find_fields(storage::snapshot& s, request_id request);

/// Inserts a row with the response, or adds the response to the row that `insert_field` has inserted. Throws std::logic_error
/// if the key already has a response or belongs to another request.
void insert_response(storage::transaction& t, const request_key& key, const stored_response& response, timestamp now);

/// Inserts a completed field, and the row of its request if there is none.
void insert_field(storage::transaction& t, const request_key& key, std::string_view field, const completed_field& outcome,
                  timestamp now);
void remove_fields(storage::transaction& t, const request_key& key);

/// The number of rows of idempotency_request.
[[nodiscard]] std::int64_t count_requests(storage::snapshot& s);
/// The times at which the oldest and the newest row were inserted; empty if there is no row.
[[nodiscard]] std::optional<timestamp> oldest_time(storage::snapshot& s);
[[nodiscard]] std::optional<timestamp> newest_time(storage::snapshot& s);

/// Removes rows that are older than `cutoff`, the oldest first and at most `limit`. Returns the number of removed rows.
std::int64_t remove_older(storage::transaction& t, timestamp cutoff, std::int64_t limit);
/// Removes the oldest `count` rows.
void remove_oldest(storage::transaction& t, std::int64_t count);

} // namespace atrium::idempotency::table
