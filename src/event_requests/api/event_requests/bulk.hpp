#pragma once

#include <base/awaitable.hpp>
#include <base/call.hpp>
#include <event_requests/requests.hpp>
#include <events/operations.hpp>

#include <cstdint>
#include <optional>
#include <string>

/// Bulk actions and their result, the same for REST and GraphQL.
namespace atrium::event_requests {

/// The result of a bulk action. The counts are final unless the operation is still running.
struct bulk_result {
    std::int64_t matched = 0;
    std::int64_t done = 0;
    std::optional<events::bulk_operation> operation; ///< empty for a dry run

    [[nodiscard]] bool is_running() const noexcept { return operation && operation->state == events::bulk_state::running; }
};

/// The person or program behind a request.
[[nodiscard]] events::initiator initiator_of(const call& call, std::string reason);

/// The type of the functions below that perform a bulk action.
template <class Request>
using bulk_action = awaitable<result<bulk_result>> (*)(events::operations& operations, Request request, call call);

/// Performs the action or, if the request is a dry run, counts what the action would match. Errors: those of the function with
/// the same name in `events::operations`.
[[nodiscard]] awaitable<result<bulk_result>> retry(events::operations& operations, dead_letter_request request, call call);
[[nodiscard]] awaitable<result<bulk_result>> discard(events::operations& operations, dead_letter_request request, call call);
[[nodiscard]] awaitable<result<bulk_result>> replay(events::operations& operations, range_request request, call call);
[[nodiscard]] awaitable<result<bulk_result>> resend(events::operations& operations, range_request request, call call);

/// Publishes the event, and returns it as it is stored in the journal.
[[nodiscard]] awaitable<result<events::event>> publish(events::operations& operations, publication request, call call);

/// Replaces the data of a dead letter, and returns the new event. If a module publishes events with this topic, the data must
/// have the form that the module defines.
[[nodiscard]] awaitable<result<events::event>> edit(events::operations& operations, const event_schemas& schemas,
                                                    std::string id, correction request, call call);

} // namespace atrium::event_requests
