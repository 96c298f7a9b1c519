#include "intake.hpp"

#include <base/ids.hpp>
#include <base/json_writer.hpp>
#include <base/text.hpp>

#include <boost/asio/redirect_error.hpp>

#include <algorithm>
#include <iterator>

namespace atrium::events::rabbitmq {
namespace {

constexpr std::size_t at_once = 256; // messages in one function on the writer
constexpr std::chrono::seconds pause_after_fault{1};
constexpr std::size_t shown_of_a_body = 64 * 1024;

/// What can be said of a message that is no event, as a JSON object.
std::string describe(const message& m) {
    std::string text;
    json_writer json{text};
    const auto body = std::string_view{m.body}.substr(0, shown_of_a_body);
    json.begin_object().key("routing_key").value(is_utf8(m.routing_key) ? m.routing_key : to_base64url(m.routing_key));
    json.key("content_type").value(is_utf8(m.content_type) ? m.content_type : to_base64url(m.content_type));
    json.key("message_id").value(is_utf8(m.message_id) ? m.message_id : to_base64url(m.message_id));
    if (is_utf8(body))
        json.key("body").value(body);
    else
        json.key("body_base64url").value(to_base64url(body));
    json.key("body_size").value(static_cast<std::int64_t>(m.body.size())).end_object();
    return text;
}

metrics::counter counter(const runner_context& c, std::string_view outcome) {
    return c.metrics.counter("atrium_rabbitmq_intake_total", "Messages from the broker, by what became of them.",
                             {{"outcome", std::string{outcome}}});
}

} // namespace

intake::intake(const runner_context& c, journal& log_book, std::string name, destination to)
    : context_{c}, log_book_{log_book}, name_{std::move(name)}, to_{std::move(to)}, pause_{c.on},
      received_{counter(c, "taken_in")}, duplicates_{counter(c, "duplicate")}, unreadable_{counter(c, "unreadable")} {}

void intake::arrived(std::vector<received> messages) {
    redelivered_ += static_cast<std::uint64_t>(std::ranges::count_if(messages, &received::redelivered));
    std::move(messages.begin(), messages.end(), std::back_inserter(waiting_));
    if (working_ || stopping_)
        return;
    working_ = true;
    spawn_logged(context_.on, commit_all(), context_.log, "intake of " + name_);
}

void intake::stop() {
    stopping_ = true;
    pause_.cancel();
}

awaitable<> intake::commit_all() {
    while (!waiting_.empty() && !stopping_) {
        bool committed = false;
        try {
            co_await commit_some(std::min(waiting_.size(), at_once));
            committed = true;
        } catch (const std::exception& e) {
            if (fault_log_.passes())
                context_.log.error("messages from the broker cannot be stored; nothing more is read until they can",
                                   {{"subscription", name_}, {"reason", e.what()}});
        }
        if (committed) {
            fault_log_.reset();
            from_->resume();
            continue;
        }
        from_->pause();
        pause_.expires_after(pause_after_fault);
        boost::system::error_code cancelled;
        co_await pause_.async_wait(asio::redirect_error(use_awaitable, cancelled));
    }
    working_ = false;
}

awaitable<> intake::commit_some(std::size_t count) {
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
    const std::vector<received> batch{waiting_.begin(), end}; // kept in `waiting_` until they are on disk
    const auto stored = co_await context_.store.write(
        [&](storage::transaction& t) -> result<tally> {
            tally done;
            for (const auto& one : batch)
                receive(t, one, done);
            return done;
        },
        storage::lane::internal);
    if (!stored)
        throw storage::outage{stored.error().detail};
    received_.increment(stored->received);
    duplicates_.increment(stored->duplicates);
    unreadable_.increment(stored->unreadable);
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
    acknowledge(batch);
}

/// A message that cannot be stored, whatever the reason, holds up no other: only where nothing can be stored, all wait.
void intake::receive(storage::transaction& t, const received& one, tally& done) {
    std::string reason;
    try {
        result<bool> taken{false};
        t.nested([&] {
            taken = to_.is_bridge ? receive_plain(t, one) : receive_event(t, one);
            return taken.has_value();
        });
        if (taken) {
            ++(*taken ? done.received : done.duplicates);
            return;
        }
        reason = taken.error().detail;
    } catch (const storage::outage&) {
        throw; // no fault of the message
    } catch (const std::exception& e) {
        reason = e.what();
    }
    ++done.unreadable;
    keep_unreadable(t, one, reason);
}

result<bool> intake::receive_event(storage::transaction& t, const received& one) {
    const auto e = wire::read(one.content);
    if (!e)
        return e.error();
    return log_book_.receive(t, to_.subscription, *e);
}

/// Each message has a key of its own: one that nobody can handle holds up no other.
result<bool> intake::receive_plain(storage::transaction& t, const received& one) {
    auto plain = wire::read_plain(one.content);
    if (!plain)
        return plain.error();
    const auto id = plain->id.empty() ? make_uuid_v7(context_.time.now()) : plain->id;
    if (!plain->id.empty() && !table::insert_received(t, to_.subscription, id, context_.time.now()))
        return false;
    log_book_.publish(t, {.topic = to_.topic, .key = name_ + "/" + id, .data = std::move(plain->data)});
    return true;
}

void intake::keep_unreadable(storage::transaction& t, const received& one, const std::string& reason) {
    log_book_.make_dead_letter(t, to_.subscription, describe(one.content), reason);
    context_.log.error("a message from the broker is no event and is kept as a dead letter",
                       {{"subscription", name_}, {"reason", reason}});
}

void intake::acknowledge(const std::vector<received>& committed) {
    for (auto first = committed.begin(); first != committed.end();) {
        const auto generation = first->generation;
        std::vector<std::uint64_t> tags;
        for (; first != committed.end() && first->generation == generation; ++first)
            tags.push_back(first->tag);
        from_->acknowledge(generation, tags);
    }
}

} // namespace atrium::events::rabbitmq
