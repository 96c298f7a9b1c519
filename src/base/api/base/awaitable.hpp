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

/// Starts a coroutine that nobody waits for. An exception that leaves it is logged under `name` instead of vanishing, as it
/// would with `asio::detached`. The coroutine must own what it uses: references and `string_view`s handed to it dangle.
void spawn_logged(executor where, awaitable<> work, logger log, std::string name);

} // namespace atrium
