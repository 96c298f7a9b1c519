#pragma once

#include "service.hpp"

#include <http/input.hpp>

namespace atrium::orders {

/// Reads an order and places it, for every interface that takes one. An order that is faulty may be that of an unknown user as
/// well: every fault is told at once. Errors: invalid, and those of `service::place`.
awaitable<result<order>> place(service& orders, http::body_fields& body, users::caller by);

} // namespace atrium::orders
