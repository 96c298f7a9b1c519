#include "number_inquirer.hpp"

#include <boost/asio/redirect_error.hpp>

#include <limits>
#include <utility>

namespace atrium::events::rabbitmq {
namespace {

constexpr std::chrono::milliseconds check_interval{250}; // how often to check whether an inquiry is due
constexpr int max_ranges = 100;                          // max number of ranges for one publisher in one inquiry

} // namespace

number_inquirer::number_inquirer(const runner_context& c, subscription_id subscription, std::string wire_name,
                                 const consumer& consumer, sender send)
    : context_{c}, subscription_{subscription}, wire_name_{std::move(wire_name)}, consumer_{consumer}, send_{std::move(send)},
      timer_{c.dispatcher_executor} {}

void number_inquirer::start() {
    spawn_logged(context_.dispatcher_executor, keep_asking(), context_.log, "inquiries of " + wire_name_);
}

void number_inquirer::stop() {
    stopping_ = true;
    timer_.cancel();
}

awaitable<> number_inquirer::keep_asking() {
    while (!stopping_) {
        const auto consumer = consumer_.state();
        const auto now = std::chrono::steady_clock::now();
        if (consumer.takes_reports && schedule_.is_due(consumer.generation, consumer.is_proven, now)) {
            schedule_.note_inquiry(now);
            co_await ask();
        }
        timer_.expires_after(check_interval);
        boost::system::error_code cancelled;
        co_await timer_.async_wait(asio::redirect_error(use_awaitable, cancelled));
    }
}

awaitable<> number_inquirer::ask() {
    auto inquiry = co_await context_.store.read([this](storage::snapshot& s) -> result<number_inquiry> {
        const auto identity = table::find_identity(s);
        if (!identity)
            return error{.code = errc::unavailable, .detail = "the database has no identity yet"};
        number_inquiry inquired{.subscription = wire_name_, .receiver = identity->receiver, .publishers = {}};
        const number_range all{{1}, {std::numeric_limits<std::int64_t>::max()}};
        for (auto& row : table::received_numbers(s, subscription_)) {
            auto& publisher = inquired.publishers.emplace_back();
            for (const auto& missing : table::missing_numbers(s, subscription_, row.publisher, all, max_ranges))
                publisher.missing.push_back(missing.range);
            publisher.id = std::move(row.publisher);
            publisher.next = row.next;
        }
        return inquired;
    });
    if (inquiry)
        send_(write(*inquiry));
}

} // namespace atrium::events::rabbitmq
