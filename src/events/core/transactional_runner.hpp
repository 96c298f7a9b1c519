#pragma once

#include "core/runner.hpp"

#include <optional>
#include <string>
#include <vector>

namespace atrium::events {

/// Runs a transactional handler. One function on the writer handles many deliveries: it applies the effect of each delivery and
/// removes the delivery.
///
/// The deliveries of one function on the writer share a savepoint, because a savepoint costs more than the rest of a delivery.
/// If one of them fails, all are undone and handled again with a savepoint for each. The handler does not run again for the
/// delivery that has failed.
class transactional_runner final : public runner {
public:
    transactional_runner(const runner_context& c, subscription s, subscription_id id, transactional_handler h);

private:
    struct failed_run {
        event_seq seq;
        std::string reason;
    };

    /// The result of one function on the writer.
    struct pass {
        bool is_separate = false;        ///< whether each delivery has a savepoint of its own
        bool is_undone = false;          ///< the shared savepoint must be undone
        std::optional<failed_run> known; ///< the failure for which the shared savepoint is or was undone
        int handled = 0;
        std::vector<failure> failures{};
        std::optional<timestamp> next_due{};
        bool more = false;
    };

    awaitable<bool> run_once() override;
    [[nodiscard]] pass deliver(storage::transaction& t, bool limits_backoffs) const;
    void deliver_ready(storage::transaction& t, pass& done) const;
    void deliver_key(storage::transaction& t, const table::delivery_row& head, int budget, pass& done) const;
    [[nodiscard]] bool deliver_one(storage::transaction& t, const table::delivery_row& row, pass& done) const;
    /// Returns why the handler failed. Empty if it succeeded: its effect and the removal of the delivery are then in the
    /// transaction, unless `pass::is_undone` is set.
    [[nodiscard]] std::optional<std::string> handle(storage::transaction& t, const event& e, pass& done) const;

    transactional_handler handler_;
};

} // namespace atrium::events
