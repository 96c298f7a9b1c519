#pragma once

#include "order.hpp"

#include <base/json_writer.hpp>

namespace atrium::orders {

/// The order as REST shows it.
void write_json(json_writer& out, const order_view& o);

} // namespace atrium::orders
