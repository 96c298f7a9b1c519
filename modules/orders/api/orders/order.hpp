#pragma once

#include <base/ids.hpp>

namespace atrium::orders {

using order_id = id<struct order_tag>;

} // namespace atrium::orders
