// The part of `connection` that answers one complete request; connection.cpp does the I/O and enforces the deadlines.
#include "framing/renderer.hpp"
#include "messages/shown_target.hpp"
#include "server/connection.hpp"
#include "server/worker.hpp"

#include <base/computation.hpp>
#include <base/ids.hpp>
#include <base/unknown_outcome.hpp>
#include <http/body.hpp>
#include <http/client_account.hpp>
#include <http/forwarded.hpp>
#include <http/method.hpp>
#include <http/response_memory.hpp>

#include <boost/asio/this_coro.hpp>

#include <optional>

namespace atrium::http {
namespace {

using namespace std::chrono_literals;
using boost::system::error_code;
using std::chrono::steady_clock;
using event = connection_event;

constexpr std::string_view all_methods = "DELETE, GET, HEAD, OPTIONS, PATCH, POST";

constexpr std::size_t max_rendered =
    32 * 1024; // a body up to this size is copied behind its header; a larger one is sent from its own memory

response overdue_answer() {
    return problem(error{.code = errc::unavailable, .detail = "the request took too long", .retry_after = 1s});
}

} // namespace

awaitable<bool> connection::answer() {
    start_answer();
    apply(event::begin_answer, answer_began_);
    router::match match;
    response reply;
    if (const auto* cause = worker_.common().sites.refuse(request_)) [[unlikely]] {
        reply = make_policy_refusal(*cause);
    } else if (match = find_route(); match.found && is_short_of_memory_for(*match.found)) [[unlikely]] {
        reply = out_of_memory();
    } else if (match.found) {
        reply = co_await run_handler(*match.found);
        // Without this reset, the connection's next wait would be cancelled immediately if the handler was cancelled, and could
        // never be cancelled if the handler has disabled cancellation.
        co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
    } else {
        reply = answer_from_table(match);
    }
    if (!end_answer(match, reply.status)) [[unlikely]]
        co_return false;
    if (reply.after_header) [[unlikely]]
        co_return co_await continue_after_header(match, reply);
    co_return finish_answer(match, reply);
}

/// Returns false if the client is gone. In this case, the request has been counted and logged.
bool connection::end_answer(const router::match& match, status sent) {
    const bool was_answered = fsm_.state() == connection_state::answered;
    apply(event::end_answer, answer_began_);
    if (!fsm_.is_closed()) [[likely]]
        return true;
    const auto duration = steady_clock::now() - answer_began_;
    const auto final_status = was_answered ? status::service_unavailable : sent;
    worker_.metrics().count(match.pattern, request_.method, final_status, duration);
    record_exchange(match.pattern, final_status, 0, duration);
    return false;
}

void connection::start_answer() {
    answer_began_ = steady_clock::now();
    memory_.progress.end();
    worker_.next_request_id(request_.request_id);
    request_.memory = worker_.common().memory.get();
    request_.response_memory = &worker_.memory().responses;
    request_.client = client_;
    request_.principal = nullptr;
    find_client();
    computation::leave_thread(); // so that the following work is not counted for an earlier computation
    request_.traceparent = continue_traceparent(request_.headers.get("traceparent"));
}

/// Behind a proxy, each request of a connection may come from another client.
void connection::find_client() {
    const auto& proxies = worker_.common().trusted_proxies;
    request_.client_address = peer_;
    request_.is_secure = socket_.has_tls();
    if (proxies.empty()) [[likely]]
        return;
    request_.is_secure = request_.is_secure || reports_tls(request_.headers, peer_, proxies);
    request_.client_address = find_client_address(request_.headers, peer_, proxies);
    if (request_.client_address != peer_) // an account of its own, because different clients share the connection
        request_.client = std::make_shared<client_account>(client_account{.address = group_of(request_.client_address)});
}

router::match connection::find_route() {
    if (framer_.facts().is_asterisk)
        return {.status = status::no_content, .allow = all_methods, .pattern = "*"};
    return worker_.common().routes.find(request_);
}

response connection::make_policy_refusal(const refusal& cause) {
    worker_.metrics().count_refusal(cause.reason);
    return problem(cause.status, cause.detail);
}

response connection::answer_from_table(const router::match& match) const {
    const auto& cors = worker_.common().cors;
    if (match.status == status::no_content && cors.is_preflight(request_))
        return cors.preflight(match);
    auto reply = match.status == status::no_content           ? no_content()
                 : match.status == status::method_not_allowed ? problem(match.status, "the path does not support this method")
                                                              : problem(match.status, "there is nothing at this path");
    if (!match.allow.empty())
        reply.set("Allow", std::string{match.allow});
    return reply;
}

/// Requests for vital routes, which supervisors and operators send, do not wait for others unless several slices of the
/// thread's time have been used up.
bool connection::may_run_now(const route& r) const {
    const auto& queue = worker_.queue();
    return !queue.is_over() || (r.is_vital && !queue.is_far_over());
}

/// If a handler was cancelled but has ended normally, its result is sent, because its change may be stored.
awaitable<response> connection::run_handler(const route& r) {
    std::exception_ptr failure;
    try {
        if (!may_run_now(r)) [[unlikely]]
            co_await worker_.queue().wait(run_queue::rank::new_work);
        if (const auto& authorize = worker_.common().routes.get_authorization())
            if (auto refused = co_await authorize(request_, r)) [[unlikely]]
                co_return *std::move(refused);
        co_return co_await r.handler(request_);
    } catch (...) {
        failure = std::current_exception();
    }
    co_return answer_for_failure(failure, r);
}

response connection::answer_for_failure(std::exception_ptr failure, const route& r) const {
    if (fsm_.is_cancelled())
        return overdue_answer();
    const std::vector<log_field> facts{
        {"request_id", request_.request_id}, {"route", r.pattern}, {"reason", reason_of(failure)}};
    if (is_temporary(failure)) {
        worker_.common().log.debug("a request failed temporarily", facts); // only debug, because the metrics count it as 503
        return problem(
            error{.code = errc::unavailable, .detail = "the server cannot do this at the moment; nothing was changed"});
    }
    worker_.common().log.error("a request failed", facts);
    if (is_unknown_outcome(failure))
        return problem(status::internal_server_error,
                       "it is not known whether the change was kept; check before you repeat the request");
    return problem(status::internal_server_error, "internal error; the server's log has the details under this instance");
}

/// The response that refuses the request if its header gives a reason to; empty if the body may be received. Fills `match`
/// unless the site policy refuses the request.
awaitable<std::optional<response>> connection::refuse_by_head(router::match& match) {
    if (const auto* cause = worker_.common().sites.refuse(request_))
        co_return make_policy_refusal(*cause);
    match = find_route();
    if (!match.found && framer_.facts().is_asterisk)
        co_return std::nullopt;
    if (!match.found)
        co_return answer_from_table(match);
    std::exception_ptr failure;
    try {
        if (const auto& authorize = worker_.common().routes.get_authorization())
            if (auto refused = co_await authorize(request_, *match.found))
                co_return refused;
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure)
        co_return answer_for_failure(failure, *match.found);
    const auto checked = match.found->check_early ? match.found->check_early(request_) : result<>{};
    co_return checked ? std::nullopt : std::optional{problem(request_, checked.error())};
}

/// Decides from the header whether a large body is received, so that a client without a credential cannot make the server
/// receive it. A client that waits for permission gets 100 or the refusal; any other client gets the refusal while it still
/// sends. Returns false if the connection ends after that. If the body is received, the client is authorized again when the
/// request is complete, because the body may take as long as `http.deadlines.body`, and the credential may expire or be revoked
/// in that time.
awaitable<bool> connection::admit_body() {
    start_answer();
    apply(event::begin_answer, answer_began_);
    router::match match;
    auto refused = co_await refuse_by_head(match);
    co_await asio::this_coro::reset_cancellation_state(
        asio::enable_terminal_cancellation()); // for the same reason as in `answer`
    if (!end_answer(match, refused ? refused->status : status::continue_))
        co_return false;
    if (!refused) {
        if (framer_.expects_continue())
            output_.text().append(continue_line);
        co_return true;
    }
    may_have_unread_input_ = true;
    const auto body_bytes = append(*refused, false);
    record_answer(match, refused->status, body_bytes, steady_clock::now() - answer_began_);
    co_return false;
}

bool connection::finish_answer(const router::match& match, response& answer) {
    const auto max_answers = worker_.common().settings.limits.requests_per_connection;
    ++answer_count_;
    const bool connection_ends_body = answer.after_header && request_.version < 11 && request_.method != verb::head;
    const bool stays_open = framer_.facts().keep_alive && !connection_ends_body && !worker_.common().is_closing &&
                            (max_answers == 0 || answer_count_ < max_answers);
    const auto body_bytes = append(answer, stays_open);
    const auto now = steady_clock::now();
    const auto duration = now - answer_began_;
    worker_.queue().count(answer_began_, now);
    record_answer(match, answer.status, body_bytes, duration);
    return stays_open;
}

/// A large or shared body is moved out of the response, and sent without being copied. Returns the size of the body.
std::size_t connection::append(response& answer, bool keep_alive) {
    const answer_context context{.request_id = request_.request_id,
                                 .date_line = worker_.date(),
                                 .more_headers = worker_.common().cors.lines_for(request_),
                                 .is_head = request_.method == verb::head,
                                 .keep_alive = keep_alive,
                                 .is_http_10 = framer_.facts().version < 11,
                                 .is_streamed = answer.after_header != nullptr};
    const auto size = body_size(answer, context);
    const bool is_shared = !answer.shared_body.text.empty();
    if (!is_shared && (answer.body.size() <= max_rendered || answer.content_type == problem_type)) [[likely]]
        render(output_.text(), answer, context);
    else if (!render_header(output_.text(), answer, context))
        answer.body = {};
    else if (is_shared)
        output_.append(std::move(answer.shared_body));
    else
        output_.append(std::move(answer.body));
    memory_.count_output(output_.memory());
    answer.memory.reset();
    return size;
}

/// Counts and logs an answer. Under overload there may be thousands of responses with 503 per second, so these cause no
/// warning.
void connection::record_answer(const router::match& match, status sent, std::size_t body_bytes,
                               steady_clock::duration duration) {
    worker_.metrics().count(match.pattern, request_.method, sent, duration);
    record_exchange(match.pattern, sent, body_bytes, duration);
    const auto& log = worker_.common().log;
    const bool needs_warning = sent >= status::internal_server_error && sent != status::service_unavailable;
    if (!needs_warning && !log.enabled(log_level::debug)) [[likely]]
        return;
    std::vector<log_field> facts{{"request_id", request_.request_id},
                                 {"method", name_of(request_.method)},
                                 {"target", shown_target(request_.target)},
                                 {"route", match.pattern},
                                 {"status", static_cast<unsigned>(sent)},
                                 {"microseconds", std::chrono::duration_cast<std::chrono::microseconds>(duration).count()}};
    if (needs_warning)
        log.warning("a request was answered with a server error", std::move(facts));
    else
        log.debug("a request was answered", std::move(facts));
}

/// Records an exchange for the access log, and for people who look at the latest requests.
void connection::record_exchange(std::string_view route, status sent, std::size_t body_bytes, steady_clock::duration duration) {
    auto& common = worker_.common();
    if (!common.recent && !common.access_log.is_on())
        return;
    const exchange done{.q = request_,
                        .route = route,
                        .status = sent,
                        .body_bytes = body_bytes,
                        .began = std::chrono::system_clock::now() - duration,
                        .duration = duration};
    if (common.recent)
        common.recent->record(done);
    if (common.access_log.is_on())
        common.access_log.write(done);
}

void connection::refuse(const refusal& cause) {
    may_have_unread_input_ = true;
    worker_.metrics().count_refusal(cause.reason);
    worker_.next_request_id(request_.request_id);
    worker_.common().log.debug("a request or connection was refused",
                               {{"request_id", request_.request_id}, {"reason", cause.reason}});
    auto answer = problem(cause.status, cause.detail);
    if (cause.retry_after.count() > 0)
        answer.set("Retry-After", std::to_string(cause.retry_after.count()));
    request_.client_address = peer_;
    request_.principal = nullptr;
    request_.traceparent.clear();
    const auto body_bytes = append(answer, false);
    record_exchange({}, cause.status, body_bytes, {});
}

/// Called if the handler does not stop, for example because a commit that has begun cannot be cancelled. The client gets its
/// response now, and the coroutine continues until the handler has ended.
void connection::answer_overdue() {
    auto answer = overdue_answer();
    append(answer, false);
    error_code ignored;
    socket_.write_some(output_.next(), ignored);
    socket_.shutdown_send(ignored);
    clear_output();
}

} // namespace atrium::http
