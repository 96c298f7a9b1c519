#pragma once

#include "account.hpp"

#include <host/page.hpp>
#include <host/slice.hpp>
#include <storage/sql.hpp>
#include <users/user.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// All SQL of users: its one table, `users_account`.
namespace atrium::users::table {

[[nodiscard]] std::optional<account> find(storage::snapshot& s, user_id id);
[[nodiscard]] std::optional<account> find(storage::snapshot& s, std::string_view username, const account_columns& columns);
/// One answer for each id, by one statement. Ids ascend, each once.
[[nodiscard]] std::vector<std::optional<account>> find(storage::snapshot& s, std::span<const user_id> ids,
                                                       const account_columns& columns);
/// In the order of reading: `host::slice::from_end` reads backwards.
[[nodiscard]] std::vector<account> find(storage::snapshot& s, const host::slice& wanted,
                                        const std::optional<std::string>& search, const account_columns& columns);
[[nodiscard]] std::optional<user_summary> find_summary(storage::snapshot& s, user_id id);
[[nodiscard]] std::optional<user_summary> find_summary(storage::snapshot& s, std::string_view username);

/// Hands a page of accounts to `visitor`. The id behind which the next page begins; empty where there is none.
[[nodiscard]] std::optional<user_id> list(storage::snapshot& s, const account_query& query,
                                          host::row_visitor<account_view>& visitor);

/// Which of the two another user has already.
struct taken {
    bool username;
    bool email;
};
/// `but` is the user who asks; {0} for one that is not there yet.
[[nodiscard]] taken find_taken(storage::snapshot& s, std::string_view username, std::string_view email, user_id but);

/// Name and address must be free.
[[nodiscard]] account insert(storage::transaction& t, const new_account& wanted, timestamp now);

/// Writes username, email, revision and updated_at.
void update(storage::transaction& t, const account& changed);

void remove(storage::transaction& t, user_id id);

/// One order more or less. Nothing happens where there is no such user.
void count_order(storage::transaction& t, user_id id, timestamp ordered_at, timestamp now);
void discount_order(storage::transaction& t, user_id id, timestamp now);

} // namespace atrium::users::table
