#pragma once

#include <base/clock.hpp>
#include <idempotency/claim.hpp>
#include <storage/sql.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// All SQL on the tables of this part. The transaction or snapshot that a function gets must belong to, or act as, the owner of
/// the tables.
namespace atrium::idempotency::table {

using request_id = id<struct request_tag>;

/// A request that was sent with a key.
struct request_row {
    request_id id;
    std::string fingerprint;
    std::optional<stored_response> response; ///< empty if the request is a mutation and only some of its fields are complete
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

/// Removes the oldest rows, at most `limit`, up to the first one that is not older than `cutoff`. Returns their number.
std::int64_t remove_older(storage::transaction& t, timestamp cutoff, std::int64_t limit);
/// Removes the oldest `count` rows.
void remove_oldest(storage::transaction& t, std::int64_t count);

} // namespace atrium::idempotency::table
