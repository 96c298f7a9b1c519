#include "core/bulk_worker.hpp"

#include <boost/asio/redirect_error.hpp>

#include <algorithm>
#include <utility>

namespace atrium::events {
namespace {

using namespace std::chrono_literals;

constexpr int max_operations = 16; // max number of operations that take turns
constexpr auto pause_after_fault = 1s;
constexpr auto min_rest = 2ms;  // the pause after a step, so that other writes come first
constexpr auto idle_pause = 1h; // ended by `wake`

} // namespace

bulk_worker::bulk_worker(const runner_context& c, bulk_driver& driver)
    : context_{c}, driver_{driver}, timer_{c.dispatcher_executor} {}

void bulk_worker::start() {
    spawn_logged(context_.dispatcher_executor, work(), context_.log, "operations");
}

void bulk_worker::wake() {
    woken_ = true;
    timer_.cancel();
}

void bulk_worker::stop() {
    stopping_ = true;
    timer_.cancel();
}

awaitable<> bulk_worker::work() {
    while (!stopping_) {
        std::chrono::steady_clock::duration pause = pause_after_fault;
        woken_ = false;
        try {
            pause = co_await work_once();
        } catch (const std::exception& e) {
            report(e.what());
        }
        if (pause > 0s && !woken_ && !stopping_)
            co_await rest(pause);
    }
}

awaitable<std::chrono::steady_clock::duration> bulk_worker::work_once() {
    const auto left = co_await driver_.background_operations(max_operations);
    if (!left)
        throw storage::outage{left.error().detail};
    bool has_progress = false;
    for (const auto id : *left) {
        if (stopping_)
            break;
        const auto began = std::chrono::steady_clock::now();
        const auto running = co_await driver_.step(id);
        has_progress = has_progress || running;
        if (!running && running.error().code == errc::unavailable)
            report(running.error().detail);
        else if (!running) // the step can never succeed, such as a resend after a change to an adapter without a broker
            (void)co_await driver_.cancel(id);
        if (!stopping_)
            co_await rest(std::max<std::chrono::steady_clock::duration>(std::chrono::steady_clock::now() - began, min_rest));
    }
    if (left->empty())
        co_return idle_pause;
    co_return has_progress ? std::chrono::steady_clock::duration{} : pause_after_fault;
}

void bulk_worker::report(const std::string& reason) {
    if (fault_log_.pass())
        context_.log.warning("an operation cannot continue at the moment; it will be tried again", {{"reason", reason}});
}

awaitable<> bulk_worker::rest(std::chrono::steady_clock::duration length) {
    timer_.expires_after(length);
    boost::system::error_code cancelled;
    co_await timer_.async_wait(asio::redirect_error(use_awaitable, cancelled));
}

} // namespace atrium::events
