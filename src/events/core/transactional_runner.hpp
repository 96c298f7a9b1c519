#pragma once

#include "core/runner.hpp"

#include <optional>
#include <string>
#include <vector>

namespace atrium::events {

/// Runs a transactional handler: many deliveries in one function on the writer, each with its effect and its removal in one
/// savepoint.
class transactional_runner final : public runner {
public:
    transactional_runner(const runner_context& c, subscription s, subscription_id id, transactional_handler h);

private:
    /// The result of one function on the writer.
    struct pass {
        int handled = 0;
        std::vector<failure> failures;
        std::optional<timestamp> next_due;
        bool more = false;
    };

    awaitable<bool> run_once() override;
    [[nodiscard]] pass deliver(storage::transaction& t, bool limits_backoffs) const;
    void deliver_key(storage::transaction& t, table::delivery_row head, int budget, pass& done) const;
    /// Returns why the handler failed; empty if its effect and the removal are in the transaction.
    [[nodiscard]] std::optional<std::string> handle(storage::transaction& t, const event& what) const;

    transactional_handler handler_;
};

} // namespace atrium::events
