#pragma once

#include "account.hpp"

#include <base/error.hpp>
#include <http/input.hpp>

namespace atrium::users {

// What requests say, as typed values that obey rules.hpp. Errors list every fault: `invalid` for bodies, `malformed` for
// queries.

[[nodiscard]] result<new_account> read_new_account(http::body_fields& body);
[[nodiscard]] result<account_change> read_account_change(http::body_fields& body);
[[nodiscard]] result<account_query> read_account_query(const http::request& q);

} // namespace atrium::users
