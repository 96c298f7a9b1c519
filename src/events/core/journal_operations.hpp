#pragma once

#include "core/bulk_driver.hpp"
#include "core/journal.hpp"
#include "core/journey.hpp"

#include <events/operations.hpp>
#include <storage/store.hpp>

#include <functional>
#include <string>

namespace atrium::events {

/// The queries and actions of operators, on the tables of the journal.
class journal_operations final : public operations {
public:
    /// The parts that it uses. They must outlive this object.
    struct parts {
        storage::store store; ///< the store of the owner `events`
        const clock& time;
        events::journal& journal;
        bulk_driver& bulk;
        std::function<process_view()> process; ///< can be called on any thread
    };
    explicit journal_operations(parts p) : parts_{std::move(p)} {}

    awaitable<result<list_page<event, event_seq>>> list_events(event_filter filter, event_order order,
                                                               std::optional<event_seq> after, int limit) override;
    awaitable<result<journey>> find_event(event_seq seq) override;
    awaitable<result<event_seq>> publish(new_event e, initiator origin) override;
    awaitable<result<std::vector<subscription_state>>> list_subscriptions() override;
    awaitable<result<subscription_state>> find_subscription(std::string name) override;
    awaitable<result<>> pause(std::string subscription, initiator origin) override;
    awaitable<result<>> resume(std::string subscription, initiator origin) override;
    awaitable<result<list_page<dead_letter, std::string>>>
    list_dead_letters(dead_letter_filter filter, std::optional<std::string> after, int limit) override;
    awaitable<result<dead_letter>> find_dead_letter(std::string id) override;
    awaitable<result<list_page<failure_group, failure_group_id>>>
    list_failure_groups(dead_letter_filter filter, std::optional<failure_group_id> after, int limit) override;
    awaitable<result<event_seq>> edit_dead_letter(std::string id, std::string data, initiator origin) override;
    awaitable<result<list_page<archived_letter, archived_letter_id>>> list_archive(std::optional<archived_letter_id> after,
                                                                                   int limit) override;
    awaitable<result<std::int64_t>> count_dead_letters(dead_letter_filter filter) override;
    awaitable<result<bulk_operation>> retry(dead_letter_filter filter, initiator origin) override;
    awaitable<result<bulk_operation>> discard(dead_letter_filter filter, initiator origin) override;
    awaitable<result<std::int64_t>> count_replay(event_range range) override;
    awaitable<result<bulk_operation>> replay(event_range range, std::string replay, initiator origin) override;
    awaitable<result<std::int64_t>> count_resend(event_range range) override;
    awaitable<result<bulk_operation>> resend(event_range range, initiator origin) override;
    awaitable<result<bulk_operation>> find_operation(operation_id id) override;
    awaitable<result<list_page<bulk_operation, operation_id>>> list_operations(std::optional<operation_id> after,
                                                                               int limit) override;
    awaitable<result<bulk_operation>> cancel_operation(operation_id id) override;

private:
    [[nodiscard]] awaitable<result<>> set_paused(std::string subscription, bool paused, initiator origin);
    [[nodiscard]] awaitable<result<>> check_range(bulk_verb verb, const event_range& range) const;
    [[nodiscard]] result<event_seq> replace(storage::transaction& t, const dead_letter_place& place, const std::string& data,
                                            const initiator& origin);

    parts parts_;
};

} // namespace atrium::events
