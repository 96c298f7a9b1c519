#pragma once

#include "order.hpp"

#include <base/error.hpp>
#include <http/input.hpp>

namespace atrium::orders {

// What requests say, as typed values that obey rules.hpp. Errors list every fault: `invalid` for bodies, `malformed` for
// queries.

/// What is wrong with it is noted in `body`, whose `finish` tells of it: there may be more to note.
[[nodiscard]] new_order read_new_order(http::body_fields& body);
[[nodiscard]] result<order_change> read_order_change(http::body_fields& body);
[[nodiscard]] result<order_query> read_order_query(const http::request& q);

} // namespace atrium::orders
