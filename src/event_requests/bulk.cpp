#include <event_requests/bulk.hpp>

#include <utility>

namespace atrium::event_requests {
namespace {

/// The result of a dry run.
result<bulk_result> dry_run_result(const result<std::int64_t>& count) {
    if (!count)
        return count.error();
    return bulk_result{.matched = *count, .done = 0, .operation = {}};
}

result<bulk_result> action_result(result<events::bulk_operation> operation) {
    if (!operation)
        return operation.error();
    return bulk_result{.matched = operation->matched, .done = operation->done, .operation = *std::move(operation)};
}

/// Returns the event with this seq, which has just been published.
awaitable<result<events::event>> find_published(events::operations& operations, result<events::event_seq> seq) {
    if (!seq)
        co_return seq.error();
    auto found = co_await operations.find_event(*seq);
    if (!found)
        co_return found.error();
    co_return std::move(found->event);
}

} // namespace

events::initiator initiator_of(const call& call, std::string reason) {
    return {.principal = std::string{call.principal},
            .reason = std::move(reason),
            .request_id = std::string{call.request_id},
            .traceparent = std::string{call.traceparent}};
}

awaitable<result<bulk_result>> retry(events::operations& operations, dead_letter_request request, call call) {
    if (request.is_dry_run)
        co_return dry_run_result(co_await operations.count_dead_letters(std::move(request.filter)));
    auto origin = initiator_of(call, std::move(request.reason));
    co_return action_result(co_await operations.retry(std::move(request.filter), std::move(origin)));
}

awaitable<result<bulk_result>> discard(events::operations& operations, dead_letter_request request, call call) {
    if (request.is_dry_run)
        co_return dry_run_result(co_await operations.count_dead_letters(std::move(request.filter)));
    auto origin = initiator_of(call, std::move(request.reason));
    co_return action_result(co_await operations.discard(std::move(request.filter), std::move(origin)));
}

awaitable<result<bulk_result>> replay(events::operations& operations, range_request request, call call) {
    if (request.is_dry_run)
        co_return dry_run_result(co_await operations.count_replay(std::move(request.range)));
    auto origin = initiator_of(call, std::move(request.reason));
    co_return action_result(co_await operations.replay(std::move(request.range), std::move(request.replay), std::move(origin)));
}

awaitable<result<bulk_result>> resend(events::operations& operations, range_request request, call call) {
    if (request.is_dry_run)
        co_return dry_run_result(co_await operations.count_resend(std::move(request.range)));
    auto origin = initiator_of(call, std::move(request.reason));
    co_return action_result(co_await operations.resend(std::move(request.range), std::move(origin)));
}

awaitable<result<events::event>> publish(events::operations& operations, publication request, call call) {
    auto origin = initiator_of(call, std::move(request.reason));
    request.event.traceparent = call.traceparent;
    request.event.request_id = call.request_id;
    co_return co_await find_published(operations, co_await operations.publish(std::move(request.event), std::move(origin)));
}

awaitable<result<events::event>> edit(events::operations& operations, const event_schemas& schemas, std::string id,
                                      correction request, call call) {
    const auto letter = co_await operations.find_dead_letter(id);
    if (!letter)
        co_return letter.error();
    if (schemas.has(letter->event.topic))
        if (const auto checked = schemas.check(letter->event.topic, request.data); !checked)
            co_return checked.error();
    auto origin = initiator_of(call, std::move(request.reason));
    auto seq = co_await operations.edit_dead_letter(std::move(id), std::move(request.data), std::move(origin));
    co_return co_await find_published(operations, std::move(seq));
}

} // namespace atrium::event_requests
