#pragma once

#include <base/log.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <string>

namespace atrium {

namespace asio = boost::asio;

/// Every coroutine of Atrium runs on an `io_context` of one thread. The concrete executor (not `any_io_executor`) saves an
/// indirection and an allocation at each suspension.
using executor = asio::io_context::executor_type;

template <class T = void>
using awaitable = asio::awaitable<T, executor>;

inline constexpr asio::use_awaitable_t<executor> use_awaitable{};

/// Starts a coroutine whose result no other coroutine waits for. An exception that leaves it is logged under `name` (with
/// `asio::detached` it would be lost). Everything that the coroutine uses must belong to it or outlive it: a reference
/// or `string_view` to a local variable of the caller would dangle.
void spawn_logged(executor target, awaitable<> work, logger log, std::string name);

} // namespace atrium
