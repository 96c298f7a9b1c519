#pragma once

#include <base/awaitable.hpp>

#include <boost/asio/basic_waitable_timer.hpp>

#include <chrono>

namespace atrium {

/// A timer on the `executor` of <base/awaitable.hpp>. Changes of the system time do not affect it.
using steady_timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, executor>;

} // namespace atrium
