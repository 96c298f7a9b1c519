#include "node_check.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace atrium::events::rabbitmq {
namespace {

using namespace std::chrono_literals;

constexpr auto max_deletion_time =
    3s; // less than the five seconds for which the broker waits for a replica that does not confirm a deletion

connection_settings with_short_timeout(connection_settings s) {
    s.name += " node check";
    s.connect_timeout = std::min<std::chrono::milliseconds>(s.connect_timeout, max_deletion_time);
    return s;
}

} // namespace

node_check::node_check(connection_settings settings, std::string queue)
    : settings_{with_short_timeout(std::move(settings))}, queue_{std::move(queue)}, thread_{[this] { run(); }} {}

node_check::~node_check() {
    guard_.end_by(watchdog::clock::now());
    wake_.notify(); // interrupts a check that is connecting
    thread_.join();
}

void node_check::run() noexcept {
    try {
        broker_connection c{settings_, wake_, guard_};
        c.declare_queue(queue_, broker_connection::queue_kind::trial_quorum);
        const auto begin = watchdog::clock::now();
        c.delete_queue(queue_);
        const auto duration = watchdog::clock::now() - begin;
        c.close();
        outcome_ = duration < max_deletion_time ? outcome::up : outcome::not_proven;
    } catch (const std::exception&) { // ignored: the consumer's own connection reports that the broker cannot be reached
        outcome_ = outcome::not_proven;
    }
}

} // namespace atrium::events::rabbitmq
