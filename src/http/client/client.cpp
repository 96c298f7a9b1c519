#include "client/client_pool.hpp"
#include "sockets/certificate.hpp"
#include "sockets/tls_error.hpp"

#include <base/computation.hpp>
#include <base/text.hpp>
#include <http/client.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <stdexcept>

namespace atrium::http {
namespace {

using namespace std::chrono_literals;
using boost::system::error_code;
using std::chrono::steady_clock;

/// How a call, or one attempt of it, ended.
enum class outcome {
    answered,     ///< a response with any status but 5xx
    server_error, ///< a response with 5xx
    unreachable,  ///< no connection, or a connection that broke before the response was complete
    untrusted,    ///< the certificate of the server was not accepted
    timed_out,    ///< no response within the deadline of the settings
    out_of_time,  ///< no response within an earlier deadline, which the caller has set for this call
    unusable,     ///< a response that is not HTTP or exceeds the limits
    cancelled,
};

struct outcome_text {
    std::string_view label;  ///< the label in metrics
    std::string_view detail; ///< for the clients of this server; follows the name of the service
};

/// The texts for the outcomes, in the order of `outcome`.
constexpr std::array<outcome_text, 8> texts{{{"answered", ""},
                                             {"server_error", ""},
                                             {"unreachable", "could not be reached"},
                                             {"untrusted", "has no certificate that is trusted"},
                                             {"timed_out", "did not answer in time"},
                                             {"out_of_time", "did not answer in the time that was left for the request"},
                                             {"unusable", "sent an invalid response"},
                                             {"cancelled", ""}}};

constexpr const outcome_text& text_of(outcome o) {
    return texts[static_cast<std::size_t>(o)];
}

struct attempt {
    outcome kind = outcome::unreachable;
    std::string reason = {}; ///< for the log; empty if `kind` is `answered` or `cancelled`
    client_response answer = {};

    [[nodiscard]] bool may_be_repeated() const noexcept { return kind == outcome::unreachable; }
    /// False if this result shows neither that the service works nor that it does not work.
    [[nodiscard]] bool is_conclusive() const noexcept { return kind != outcome::cancelled && kind != outcome::out_of_time; }
};

tls_context make_context(const client_settings& s) {
    return s.url.is_secure ? make_client_context(s.trust) : nullptr;
}

/// Clients are identified by numbers that are never reused, because idle connections can outlive their client, and must not be
/// used by a later one.
std::uint64_t next_client() {
    static std::atomic<std::uint64_t> last = 0;
    return ++last;
}

bool contains_line_end_or_nul(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

std::string render_get(const base_url& url, std::string_view target, std::span<const field> headers) {
    if (!target.starts_with('/') || contains_line_end_or_nul(target) || target.find(' ') != std::string_view::npos)
        throw std::invalid_argument{"a request's target must begin with a slash and be percent-encoded"};
    std::string text = "GET ";
    text.append(url.path).append(target).append(" HTTP/1.1\r\nHost: ").append(url.authority).append("\r\n");
    for (const auto& [name, value] : headers) {
        if (contains_line_end_or_nul(name) || contains_line_end_or_nul(value))
            throw std::invalid_argument{"the request header " + std::string{name} + " contains CR, LF or NUL"};
        text.append(name).append(": ").append(value).append("\r\n");
    }
    return text.append("\r\n");
}

/// Converts a time in milliseconds since 1970; 0 means that there is none.
std::optional<timestamp> to_timestamp(std::int64_t milliseconds) {
    return milliseconds == 0 ? std::nullopt : std::optional{timestamp{std::chrono::milliseconds{milliseconds}}};
}

} // namespace

std::string_view client_response::header(std::string_view name) const noexcept {
    const auto found =
        std::find_if(headers.begin(), headers.end(), [&](const auto& each) { return ascii_iequals(each.first, name); });
    return found == headers.end() ? std::string_view{} : std::string_view{found->second};
}

struct client::impl {
    impl(client_settings s, const atrium::clock& wall_clock, metrics::registry& metrics, logger destination)
        : settings{std::move(s)}, tls{make_context(settings)}, clock{wall_clock}, log{std::move(destination)},
          connections{metrics.counter("atrium_http_client_connections_total", "Connections opened to other services",
                                      {{"service", settings.name}})},
          duration{metrics.histogram("atrium_http_client_request_duration_seconds",
                                     "Duration of calls to other services, including all attempts", metrics::latency_buckets(),
                                     {{"service", settings.name}})} {
        for (const auto& [label, detail] : texts)
            requests.push_back(metrics.counter("atrium_http_client_requests_total", "Calls to other services",
                                               {{"service", settings.name}, {"outcome", std::string{label}}}));
    }

    awaitable<attempt> send_request(const executor& caller_executor, std::string_view request,
                                    steady_clock::time_point deadline);
    awaitable<attempt> send_on_new(const executor& caller_executor, std::string_view request,
                                   steady_clock::time_point deadline);
    awaitable<attempt> send_on(std::shared_ptr<client_connection> connection, std::string_view request);
    attempt failed_attempt(const client_connection& connection, const error_code& failure) const;
    void record(const attempt& last);
    void record_success();
    void record_failure(const attempt& last);

    const client_settings settings;
    const tls_context tls; ///< null if the URL is not https
    const atrium::clock& clock;
    const logger log;
    const std::uint64_t number = next_client();
    metrics::counter connections;
    metrics::histogram duration;
    std::vector<metrics::counter> requests; ///< one counter for each outcome

    // Milliseconds since 1970; 0 means none.
    std::atomic<std::int64_t> last_answer = 0;
    std::atomic<std::int64_t> failing_since = 0;

    std::mutex reason_mutex;
    std::string reason; ///< the reason of the last failure
};

client::client(client_settings s, const clock& time, metrics::registry& metrics, logger log)
    : impl_{std::make_unique<impl>(std::move(s), time, metrics, std::move(log))} {}

client::~client() = default;

const base_url& client::url() const noexcept {
    return impl_->settings.url;
}

client_state client::state() const {
    client_state s{.last_answer = to_timestamp(impl_->last_answer), .failing_since = to_timestamp(impl_->failing_since)};
    if (s.failing_since) {
        const std::lock_guard lock{impl_->reason_mutex};
        s.reason = impl_->reason;
    }
    return s;
}

awaitable<result<client_response>> client::get(std::string_view target, std::span<const field> headers,
                                               steady_clock::time_point deadline) {
    const auto& s = impl_->settings;
    const auto request = render_get(s.url, target, headers);
    const executor caller_executor = co_await asio::this_coro::executor;
    const auto started = steady_clock::now();

    attempt last{.kind = outcome::cancelled};
    try {
        const computation::pause measurement_pause;
        if (started < deadline)
            last = co_await impl_->send_request(caller_executor, request, std::min(deadline, started + s.deadline));
        else
            last.kind = outcome::timed_out;
    } catch (const boost::system::system_error& stopped) { // cancelled between two waits
        if (stopped.code() != asio::error::operation_aborted)
            throw;
    }

    if (last.kind == outcome::timed_out && deadline < started + s.deadline)
        last.kind = outcome::out_of_time;

    impl_->requests[static_cast<std::size_t>(last.kind)].increment();
    impl_->duration.observe(std::chrono::duration<double>{steady_clock::now() - started}.count());
    impl_->record(last);
    if (last.kind == outcome::cancelled)
        throw boost::system::system_error{asio::error::operation_aborted};
    if (last.kind == outcome::answered || last.kind == outcome::server_error)
        co_return std::move(last.answer);
    co_return error{.code = errc::unavailable,
                    .detail = "the " + s.name + " service " + std::string{text_of(last.kind).detail} + "; nothing was changed",
                    .retry_after = 1s};
}

/// Uses a kept connection if there is one. If there is none, or if the kept one is dead, tries new connections.
awaitable<attempt> client::impl::send_request(const executor& caller_executor, std::string_view request,
                                              steady_clock::time_point deadline) {
    auto& pool = client_pool::of(caller_executor);
    if (auto kept = pool.take(number, settings.idle)) {
        kept->begin_exchange(deadline);
        auto last = co_await send_on(std::move(kept), request);
        if (!last.may_be_repeated())
            co_return last;
        pool.drop(number); // the other kept connections are probably dead as well
    }

    auto pause = settings.backoff;
    for (unsigned count = 1;; ++count, pause *= 2) {
        auto last = co_await send_on_new(caller_executor, request, deadline);
        if (!last.may_be_repeated() || count >= settings.attempts || steady_clock::now() + pause >= deadline)
            co_return last;
        steady_timer timer{caller_executor, pause};
        const auto [cancelled] = co_await timer.async_wait(asio::as_tuple(asio::deferred));
        if (cancelled) {
            last.kind = outcome::cancelled;
            co_return last;
        }
    }
}

awaitable<attempt> client::impl::send_on_new(const executor& caller_executor, std::string_view request,
                                             steady_clock::time_point deadline) {
    const auto new_connection = std::make_shared<client_connection>(caller_executor);
    new_connection->begin_exchange(deadline);
    if (const auto failure = co_await new_connection->connect(settings.url, tls))
        co_return failed_attempt(*new_connection, failure);
    connections.increment();
    co_return co_await send_on(new_connection, request);
}

awaitable<attempt> client::impl::send_on(std::shared_ptr<client_connection> connection, std::string_view request) {
    attempt this_attempt;
    if (const auto failure = co_await connection->exchange(request, settings, this_attempt.answer))
        co_return failed_attempt(*connection, failure);
    connection->end_exchange();
    if (connection->may_be_kept()) {
        const executor caller_executor = co_await asio::this_coro::executor;
        client_pool::of(caller_executor).keep(number, std::move(connection), settings.idle_connections);
    }
    const bool is_server_error = this_attempt.answer.status >= 500;
    this_attempt.kind = is_server_error ? outcome::server_error : outcome::answered;
    if (is_server_error)
        this_attempt.reason = "it responded with status " + std::to_string(this_attempt.answer.status);
    co_return this_attempt;
}

attempt client::impl::failed_attempt(const client_connection& connection, const error_code& failure) const {
    if (connection.is_expired() || failure == asio::error::timed_out)
        return {.kind = outcome::timed_out,
                .reason = "no response within " + std::to_string(settings.deadline.count()) + " ms"};
    if (failure == asio::error::operation_aborted)
        return {.kind = outcome::cancelled};
    if (is_certificate_error(failure))
        return {.kind = outcome::untrusted, .reason = failure.message()};
    return {.kind = is_unusable(failure) ? outcome::unusable : outcome::unreachable, .reason = failure.message()};
}

void client::impl::record(const attempt& last) {
    if (last.kind == outcome::answered)
        record_success();
    else if (last.is_conclusive())
        record_failure(last);
}

void client::impl::record_success() {
    const auto now = clock.now().time_since_epoch().count();
    last_answer = now;
    if (failing_since == 0)
        return;
    if (const auto since = failing_since.exchange(0); since != 0)
        log.info("calls to the service succeed again", {{"service", settings.name}, {"away_ms", now - since}});
}

void client::impl::record_failure(const attempt& last) {
    {
        const std::lock_guard lock{reason_mutex};
        reason = last.reason;
    }
    std::int64_t none = 0;
    if (failing_since.compare_exchange_strong(none, clock.now().time_since_epoch().count()))
        log.warning("calls to the service fail; each request that needs the service tries again",
                    {{"service", settings.name}, {"url", settings.url.text}, {"reason", last.reason}});
}

} // namespace atrium::http
