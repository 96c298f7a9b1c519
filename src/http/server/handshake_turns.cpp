#include "server/handshake_turns.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

#include <algorithm>

namespace atrium::http {

handshake_turns::place::place(handshake_turns& turns, address_group address, const executor& own_executor)
    : turns_{turns}, line_{turns.lines_.try_emplace(address).first}, turn_{own_executor, steady_timer::time_point::max()} {
    line_->second.push_back(this);
}

handshake_turns::place::~place() {
    auto& line = line_->second;
    const bool was_first = is_first();
    line.erase(std::find(line.begin(), line.end(), this));
    if (line.empty())
        turns_.lines_.erase(line_);
    else if (was_first)
        line.front()->turn_.cancel();
}

awaitable<> handshake_turns::place::wait_for_turn() {
    while (!is_first()) {
        const auto [notified] = co_await turn_.async_wait(asio::as_tuple(asio::deferred));
        (void)notified;
    }
}

} // namespace atrium::http
