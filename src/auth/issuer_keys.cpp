#include "issuer_keys.hpp"

#include <base/malformed.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace atrium::auth {
namespace {

using namespace std::chrono_literals;

constexpr auto retry_interval = 30s; ///< max time until the next attempt after a failed refresh from a URL

constexpr const char* refresh_name = "atrium_auth_key_refreshes_total";
constexpr const char* refresh_help = "Attempts to read the keys of the issuer of JSON Web Tokens, by outcome";

std::optional<jwks_url> url_of(const std::string& source) {
    return is_url(source) ? std::optional{parse_jwks_url(source).value()} : std::nullopt;
}

} // namespace

/// A coroutine that waits for a refresh of the keys. It is resumed on the thread of its executor, `target`.
struct issuer_keys::waiter {
    explicit waiter(const executor& e) : target{e}, changed{e} {}

    const executor target;
    notification changed;
    bool is_released = false; ///< used only on the thread of `target`
};

/// Removes the waiter from the list when the coroutine ends, also if the coroutine is cancelled while it waits.
struct issuer_keys::waiter_guard {
    issuer_keys& keys;
    std::shared_ptr<waiter> entry;
    ~waiter_guard() {
        const std::lock_guard lock{keys.mutex_};
        std::erase(keys.waiters_, entry);
    }
};

issuer_keys::issuer_keys(const jwt_settings& s, parts p)
    : source_{s.jwks}, url_{url_of(s.jwks)}, interval_{s.refresh}, steady_now_{std::move(p.steady_now)}, log_{std::move(p.log)},
      successes_{p.metrics.counter(refresh_name, refresh_help, {{"outcome", "success"}})},
      failures_{p.metrics.counter(refresh_name, refresh_help, {{"outcome", "failure"}})},
      key_count_{p.metrics.gauge("atrium_auth_keys", "Keys of the issuer of JSON Web Tokens that are in use")} {
    if (url_) {
        client_.emplace(
            http::client_settings{.name = "jwks", .url = url_->server, .trust = p.trust, .body = key_set::max_bytes}, p.time,
            p.metrics, log_);
        return;
    }
    auto text = read_file();
    auto keys = text ? key_set::parse(*text) : text.error();
    if (!keys)
        throw std::runtime_error{"auth.jwt.jwks: " + source_ + " cannot be used: " + keys.error().detail};
    use(*text, *std::move(keys));
}

std::shared_ptr<const known_keys> issuer_keys::current() const {
    const std::lock_guard lock{mutex_};
    return known_;
}

/// Adds a waiter for the next refresh, and requests that refresh unless it is requested already. Returns null if no refresh may
/// be requested now.
std::shared_ptr<issuer_keys::waiter> issuer_keys::add_waiter(const executor& target) {
    const std::lock_guard lock{mutex_};
    if (is_stopped_)
        return nullptr;
    if (!is_requested_) {
        const auto now = steady_now_();
        if (last_request_ && now - *last_request_ < min_request_interval)
            return nullptr;
        last_request_ = now;
        is_requested_ = true;
    }
    return waiters_.emplace_back(std::make_shared<waiter>(target));
}

awaitable<bool> issuer_keys::request_newer() {
    const waiter_guard guard{*this, add_waiter(co_await asio::this_coro::executor)};
    if (!guard.entry)
        co_return false;
    wake_();
    while (!guard.entry->is_released)
        co_await guard.entry->changed.wait();
    co_return true;
}

awaitable<> issuer_keys::refresh_if_due() {
    if (is_due())
        co_await refresh();
}

bool issuer_keys::is_requested() const {
    const std::lock_guard lock{mutex_};
    return is_requested_;
}

bool issuer_keys::is_due() {
    if (is_requested())
        return true;
    return url_ ? steady_now_() >= next_refresh_ : read_stamp() != stamp_;
}

/// A request that begins to wait during a regular refresh causes another refresh, because the keys that the running refresh
/// reads may be older than the key that the request needs.
awaitable<> issuer_keys::refresh() {
    const bool was_requested = is_requested();
    auto text = co_await read();
    auto keys = text ? key_set::parse(*text) : text.error();
    const bool are_valid = keys.has_value();
    if (are_valid)
        use(*text, *std::move(keys));
    else
        report_failure(keys.error().detail);
    next_refresh_ = steady_now_() + (are_valid ? interval_ : std::min<std::chrono::milliseconds>(interval_, retry_interval));
    if (was_requested)
        release_waiters();
}

awaitable<result<std::string>> issuer_keys::read() {
    if (!url_)
        co_return read_file();
    constexpr http::field accept{"Accept", "application/jwk-set+json, application/json"};
    auto answer = co_await client_->get(url_->target, {&accept, 1});
    if (!answer)
        co_return answer.error();
    if (answer->status != 200)
        co_return malformed("the issuer has answered with status " + std::to_string(answer->status));
    co_return std::move(answer->body);
}

result<std::string> issuer_keys::read_file() {
    stamp_ = read_stamp();
    std::ifstream file{source_, std::ios::binary};
    std::string text(key_set::max_bytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!stamp_ || file.bad() || (file.fail() && !file.eof()))
        return malformed("the file cannot be read");
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

std::optional<issuer_keys::file_stamp> issuer_keys::read_stamp() const {
    struct stat status{};
    if (::stat(source_.c_str(), &status) != 0)
        return std::nullopt;
    return file_stamp{status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

/// If the keys are the same as before, `known_keys::number` does not change, so tokens that were verified with them need not be
/// verified again.
void issuer_keys::use(const std::string& text, key_set keys) {
    successes_.increment();
    if (std::exchange(has_failed_, false))
        log_.info("the keys of the issuer could be read again", {{"source", source_}});
    failure_lines_.reset();
    const auto before = current();
    if (before->number != 0 && text == text_)
        return;
    log_.info("using the keys of the issuer", {{"source", source_}, {"keys", keys.size()}, {"keys_left_out", keys.left_out()}});
    key_count_.set(static_cast<double>(keys.size()));
    text_ = text;
    auto next = std::make_shared<const known_keys>(known_keys{std::move(keys), before->number + 1});
    const std::lock_guard lock{mutex_};
    known_ = std::move(next);
}

void issuer_keys::report_failure(const std::string& reason) {
    failures_.increment();
    has_failed_ = true;
    if (failure_lines_.pass())
        log_.warning("the keys of the issuer could not be read; the known keys stay in use",
                     {{"source", source_}, {"reason", reason}, {"keys", current()->keys.size()}});
}

void issuer_keys::release_waiters() {
    std::vector<std::shared_ptr<waiter>> released;
    {
        const std::lock_guard lock{mutex_};
        released.swap(waiters_);
        is_requested_ = false;
    }
    for (auto& each : released) {
        const auto target = each->target;
        asio::post(target, [waiter = std::move(each)] {
            waiter->is_released = true;
            waiter->changed.notify();
        });
    }
}

void issuer_keys::stop() {
    {
        const std::lock_guard lock{mutex_};
        is_stopped_ = true;
    }
    release_waiters();
}

} // namespace atrium::auth
