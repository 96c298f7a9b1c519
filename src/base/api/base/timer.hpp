#pragma once

#include <base/awaitable.hpp>

#include <boost/asio/basic_waitable_timer.hpp>

#include <chrono>

namespace atrium {

/// A timer on the concrete executor; not disturbed when somebody sets the clock.
using steady_timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, executor>;

} // namespace atrium
