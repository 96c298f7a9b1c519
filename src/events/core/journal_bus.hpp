#pragma once

#include "core/bulk_driver.hpp"
#include "core/dispatcher.hpp"
#include "core/journal.hpp"
#include "core/journal_operations.hpp"
#include "core/recent_backlog.hpp"

#include <events/adapters.hpp>

#include <atomic>
#include <variant>

namespace atrium::events {

/// The base of every adapter: the journal, the dispatcher, and the handlers of the local subscriptions. An adapter with a
/// broker adds outlets, and receives events from the broker.
class journal_bus : public durable_bus {
public:
    explicit journal_bus(bus_parts parts);

    void publish(storage::transaction& t, new_event e) override;
    void subscribe(subscription s, transactional_handler handler) override;
    void subscribe(subscription s, asynchronous_handler handler) override;
    void declare(subscription s) override;

    void start() override;
    void stop(std::chrono::steady_clock::time_point deadline) override;
    [[nodiscard]] events::feed& feed() noexcept override { return feed_; }
    [[nodiscard]] awaitable<result<backlog>> inspect() override;
    [[nodiscard]] events::operations& operations() noexcept override { return operations_; }

protected:
    /// The outlets of this adapter.
    [[nodiscard]] virtual std::vector<outlet> outlets() const { return {}; }

    /// Makes the changes that a change of adapter requires, in the transaction that records the subscriptions. Throws
    /// `start_error` if the change is not allowed.
    virtual void take_over(storage::transaction& t) = 0;

    /// Adds the adapter's own runners, after the subscriptions are recorded and before the dispatcher starts.
    virtual void add_runners(const runner_context&, const journal::record_result&) {}

    /// See `bulk_driver::resender`.
    [[nodiscard]] virtual awaitable<result<std::int64_t>> resend(subscription_id subscription, std::vector<event_seq> events);

    [[nodiscard]] const std::vector<subscription>& subscriptions() const noexcept { return subscriptions_; }
    [[nodiscard]] bool has_handler(std::size_t index) const { return handlers_[index].index() != 0; }

    bus_parts parts_;
    events::feed feed_; ///< declared before the journal, like the dispatcher, because the journal notifies these two
    dispatcher dispatcher_;
    journal journal_;

private:
    /// The handler of a subscription; std::monostate if its module does not run here.
    using handler = std::variant<std::monostate, transactional_handler, asynchronous_handler>;

    void attach(subscription s, handler h);
    [[nodiscard]] journal::record_result record();
    [[nodiscard]] awaitable<result<backlog>> count_backlog();
    [[nodiscard]] std::unique_ptr<runner> make_runner(const runner_context& c, std::size_t index, subscription_id id) const;

    [[nodiscard]] process_view view_process() const;
    void wake_worker();

    std::vector<subscription> subscriptions_;
    std::vector<handler> handlers_; ///< in the order of `subscriptions_`
    recent_backlog recent_;
    bulk_driver bulk_;
    bulk_worker* worker_ = nullptr; ///< owned by the dispatcher; set before it starts
    journal_operations operations_;
    std::atomic<bool> running_ = false;
};

} // namespace atrium::events
