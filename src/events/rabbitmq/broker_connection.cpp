#include "broker_connection.hpp"

#include "amqp.hpp"
#include "amqp_message.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <new>
#include <utility>

namespace atrium::events::rabbitmq {
namespace {

using namespace std::chrono_literals;

constexpr amqp_channel_t work_channel = 1;
constexpr amqp_channel_t side_channel = 2;
constexpr amqp_channel_t deletion_channel =
    3; // a channel of its own, because the channel does not respond while the broker deletes a queue
constexpr std::int32_t more_nodes_than_exist =
    1000; // as the initial group size of a queue, this creates a replica on every node

amqp_table_entry_t number_entry(std::string_view name, std::int32_t number) {
    amqp_table_entry_t entry{};
    entry.key = as_bytes(name);
    entry.value.kind = AMQP_FIELD_KIND_I32;
    entry.value.value.i32 = number;
    return entry;
}

amqp_table_entry_t true_entry(std::string_view name) {
    amqp_table_entry_t entry{};
    entry.key = as_bytes(name);
    entry.value.kind = AMQP_FIELD_KIND_BOOLEAN;
    entry.value.value.boolean = 1;
    return entry;
}

/// The reason why the broker has closed a channel; null if it has not.
const amqp_channel_close_t* channel_close(const amqp_rpc_reply_t& reply) {
    return reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION && reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD
               ? static_cast<const amqp_channel_close_t*>(reply.reply.decoded)
               : nullptr;
}

const char* name_of(broker_connection::exchange_kind kind) {
    using exchange_kind = broker_connection::exchange_kind;
    switch (kind) {
    case exchange_kind::topic: return "topic";
    case exchange_kind::direct: return "direct";
    case exchange_kind::fanout: return "fanout";
    }
    return "topic";
}

bool is_durable(broker_connection::queue_kind kind) {
    using queue_kind = broker_connection::queue_kind;
    return kind != queue_kind::plain && kind != queue_kind::exclusive;
}

} // namespace

void broker_connection::state_deleter::operator()(amqp_connection_state_t_* s) const noexcept {
    amqp_destroy_connection(s);
}

broker_connection::broker_connection(const connection_settings& settings, const wake_event& wake, watchdog& guard)
    : settings_{settings}, wake_{wake}, watchdog_{guard}, state_{amqp_new_connection()}, frames_{settings.max_body} {
    if (!state_)
        throw std::bad_alloc{};
    try {
        open_socket();
        watchdog_.watch(amqp_get_sockfd(state_.get()));
        login();
        open_channel(work_channel);
    } catch (...) {
        watchdog_.watch(-1);
        throw;
    }
}

broker_connection::~broker_connection() {
    watchdog_.watch(-1);
}

void broker_connection::close() noexcept {
    const auto guard = guarded();
    amqp_connection_close(state_.get(), AMQP_REPLY_SUCCESS);
}

server_version broker_connection::version() const {
    const auto* properties = amqp_get_server_properties(state_.get());
    for (int i = 0; properties && i < properties->num_entries; ++i) {
        const auto& entry = properties->entries[i];
        if (as_text(entry.key) != "version" || entry.value.kind != AMQP_FIELD_KIND_UTF8)
            continue;
        const auto text = as_text(entry.value.value.bytes); // "4.0.5"
        server_version v;
        const auto major = std::from_chars(text.data(), text.data() + text.size(), v.major);
        if (major.ec == std::errc{} && major.ptr != text.data() + text.size())
            std::from_chars(major.ptr + 1, text.data() + text.size(), v.minor);
        return v;
    }
    return {};
}

std::size_t broker_connection::frame_size() const {
    return static_cast<std::size_t>(amqp_get_frame_max(state_.get()));
}

void broker_connection::declare_exchange(const std::string& name, exchange_kind kind) {
    const auto guard = guarded();
    const auto type = as_bytes(name_of(kind));
    amqp_exchange_declare(state_.get(), work_channel, as_bytes(name), type, /*passive*/ 0, /*durable*/ 1,
                          /*auto delete*/ 0, /*internal*/ 0, amqp_empty_table);
    check_request({"declare the exchange", name});
}

delivery_limit broker_connection::declare_queue(const std::string& name, queue_kind kind) {
    open_side_channel(); // a channel of its own, because the broker closes a channel on which it refuses a request
    const auto guard = guarded();
    const bool quorum = kind == queue_kind::single_active_quorum || kind == queue_kind::trial_quorum;
    // By default, RabbitMQ 3 has no delivery limit, and it refuses a negative one.
    const bool allows_negative = version() >= negative_limits;
    std::vector<amqp_table_entry_t> arguments;
    if (quorum)
        arguments = {text_entry("x-queue-type", "quorum"), true_entry("x-single-active-consumer")};
    if (quorum && allows_negative)
        arguments.push_back(number_entry("x-delivery-limit", -1));
    if (kind == queue_kind::trial_quorum) {
        arguments.push_back(number_entry("x-expires", 60'000));
        arguments.push_back(number_entry("x-quorum-initial-group-size", more_nodes_than_exist));
    }
    const amqp_table_t table{static_cast<int>(arguments.size()), arguments.data()};
    amqp_queue_declare(state_.get(), side_channel, as_bytes(name), /*passive*/ 0, /*durable*/ is_durable(kind),
                       /*exclusive*/ kind == queue_kind::exclusive, /*auto delete*/ 0, table);
    if (const auto* refusal = channel_close(amqp_get_rpc_reply(state_.get()))) {
        const std::string reason{as_text(refusal->reply_text)};
        if (refusal->reply_code == AMQP_PRECONDITION_FAILED && reason.find("'x-delivery-limit'") != std::string::npos) {
            close_side_channel();
            // In a cluster that is being upgraded, this connection may lead to an older node, which refuses a queue that a
            // newer node has declared with the limit -1.
            const bool unlimited = reason.find("current is the value '-1'") != std::string::npos;
            return unlimited ? delivery_limit::unlimited : delivery_limit::limited;
        }
    }
    check_request({"declare the queue", name});
    return quorum && allows_negative ? delivery_limit::unlimited : delivery_limit::unspecified;
}

void broker_connection::delete_queue(const std::string& name) {
    const auto guard = guarded();
    amqp_queue_delete(state_.get(), work_channel, as_bytes(name), /*if unused*/ 0, /*if empty*/ 0);
    check_request({"delete the queue", name});
}

void broker_connection::begin_delete_queue(const std::string& name) {
    if (!std::exchange(has_deletion_channel_, true))
        open_channel(deletion_channel);
    const auto guard = guarded();
    amqp_queue_delete_t request{.ticket = 0, .queue = as_bytes(name), .if_unused = 0, .if_empty = 0, .nowait = 1};
    check_status(amqp_send_method(state_.get(), deletion_channel, AMQP_QUEUE_DELETE_METHOD, &request),
                 {"delete the queue", name});
}

void broker_connection::bind(const std::string& queue, const std::string& exchange, const std::string& pattern) {
    const auto guard = guarded();
    amqp_queue_bind(state_.get(), work_channel, as_bytes(queue), as_bytes(exchange), as_bytes(pattern), amqp_empty_table);
    check_request({"bind the queue", queue});
}

void broker_connection::unbind(const std::string& queue, const std::string& exchange, const std::string& pattern) {
    const auto guard = guarded();
    amqp_queue_unbind(state_.get(), work_channel, as_bytes(queue), as_bytes(exchange), as_bytes(pattern), amqp_empty_table);
    check_request({"unbind the queue", queue});
}

std::optional<broker_connection::queue_status> broker_connection::find_queue(const std::string& name) {
    open_side_channel();
    const auto guard = guarded();
    const auto* found = amqp_queue_declare(state_.get(), side_channel, as_bytes(name), /*passive*/ 1, /*durable*/ 0,
                                           /*exclusive*/ 0, /*auto delete*/ 0, amqp_empty_table);
    const queue_status status = found ? queue_status{found->message_count, found->consumer_count} : queue_status{};
    if (const auto* refusal = channel_close(amqp_get_rpc_reply(state_.get()));
        refusal && refusal->reply_code == AMQP_NOT_FOUND) {
        close_side_channel();
        return std::nullopt;
    }
    check_request({"look at the queue", name});
    return status;
}

broker_connection::queue_status broker_connection::inspect_queue(const std::string& name) {
    if (const auto status = find_queue(name))
        return *status;
    throw broker_error{"there is no queue " + name, "nothing: the process that consumes from it will declare it again",
                       broker_error::remedy::time};
}

void broker_connection::open_side_channel() {
    if (has_side_channel_)
        return;
    open_channel(side_channel);
    has_side_channel_ = true;
}

/// Acknowledges that the broker has closed the side channel. The next request opens it again.
void broker_connection::close_side_channel() {
    amqp_channel_close_ok_t done{};
    check_status(amqp_send_method(state_.get(), side_channel, AMQP_CHANNEL_CLOSE_OK_METHOD, &done), {"close a channel"});
    has_side_channel_ = false;
    amqp_maybe_release_buffers(state_.get());
}

void broker_connection::select_confirms() {
    const auto guard = guarded();
    amqp_confirm_select(state_.get(), work_channel);
    check_request({"confirm messages"});
}

void broker_connection::set_prefetch(int messages_per_consumer) {
    const auto guard = guarded();
    const auto count = std::clamp<int>(messages_per_consumer, 1, std::numeric_limits<std::uint16_t>::max());
    amqp_basic_qos(state_.get(), work_channel, /*bytes*/ 0, static_cast<std::uint16_t>(count), /*for all consumers*/ 0);
    check_request({"limit the messages in flight"});
}

void broker_connection::consume(const std::string& queue, const std::string& consumer) {
    consume(queue, consumer, false);
}

void broker_connection::consume_unacknowledged(const std::string& queue, const std::string& consumer) {
    consume(queue, consumer, true);
}

void broker_connection::consume(const std::string& queue, const std::string& consumer, bool no_ack) {
    const auto guard = guarded();
    amqp_basic_consume(state_.get(), work_channel, as_bytes(queue), as_bytes(consumer), /*no local*/ 0, no_ack ? 1 : 0,
                       /*exclusive*/ 0, amqp_empty_table);
    check_request({"consume from the queue", queue});
}

void broker_connection::stop_consuming(const std::string& consumer) {
    const auto guard = guarded();
    amqp_basic_cancel(state_.get(), work_channel, as_bytes(consumer));
    check_request({"end the consumer", consumer});
}

void broker_connection::publish(const std::string& exchange, const std::string& routing_key, const message& m) {
    send(work_channel, exchange, routing_key, m, true);
}

void broker_connection::publish_aside(const std::string& exchange, const std::string& routing_key, const message& m) {
    open_side_channel();
    send(side_channel, exchange, routing_key, m, false);
}

void broker_connection::send(std::uint16_t channel, const std::string& exchange, const std::string& routing_key,
                             const message& m, bool mandatory) {
    const auto guard = guarded();
    std::vector<amqp_table_entry_t> headers;
    const auto properties = properties_of(m, headers);
    check_status(amqp_basic_publish(state_.get(), channel, as_bytes(exchange), as_bytes(routing_key), mandatory ? 1 : 0,
                                    /*immediate*/ 0, &properties, as_bytes(m.body)),
                 {"publish to the exchange", exchange});
}

void broker_connection::acknowledge(std::uint64_t up_to) {
    const auto guard = guarded();
    check_status(amqp_basic_ack(state_.get(), work_channel, up_to, /*multiple*/ 1), {"acknowledge messages"});
}

void broker_connection::requeue(std::uint64_t tag) {
    const auto guard = guarded();
    check_status(amqp_basic_nack(state_.get(), work_channel, tag, /*multiple*/ 0, /*requeue*/ 1), {"return a message"});
}

std::optional<arrival> broker_connection::take() {
    const auto guard = guarded();
    for (;;) {
        amqp_frame_t frame;
        const timeval now{};
        const auto status = amqp_simple_wait_frame_noblock(state_.get(), &frame, &now);
        if (status == AMQP_STATUS_TIMEOUT)
            return std::nullopt;
        check_status(status, {});
        auto complete = frames_.add(frame);
        amqp_maybe_release_buffers_on_channel(state_.get(), frame.channel); // everything in the frame was copied
        if (!complete)
            continue;
        if (const auto* end = std::get_if<incoming::closed>(&*complete))
            throw closed_error(end->code, end->text, settings_.url, {});
        return complete;
    }
}

broker_connection::readiness broker_connection::wait(std::chrono::milliseconds max_wait, bool for_writing) {
    const bool buffered = amqp_frames_enqueued(state_.get()) || amqp_data_in_buffer(state_.get());
    const auto limit = std::clamp<std::chrono::milliseconds>(max_wait, 0ms, std::chrono::milliseconds{settings_.heartbeat} / 4);
    std::array<pollfd, 2> sources{pollfd{.fd = amqp_get_sockfd(state_.get()),
                                         .events = static_cast<short>(for_writing ? POLLIN | POLLOUT : POLLIN),
                                         .revents = 0},
                                  pollfd{.fd = wake_.descriptor(), .events = POLLIN, .revents = 0}};
    ::poll(sources.data(), sources.size(), buffered ? 0 : static_cast<int>(limit.count()));
    if (sources[1].revents != 0)
        wake_.clear();
    const auto socket = sources[0].revents;
    return {.readable = buffered || (socket & ~POLLOUT) != 0, .writable = (socket & POLLOUT) != 0};
}

void broker_connection::wait_without_reading(std::chrono::milliseconds max_wait) {
    pollfd source{.fd = wake_.descriptor(), .events = POLLIN, .revents = 0};
    ::poll(&source, 1, static_cast<int>(std::max(max_wait, 0ms).count()));
    if (source.revents != 0)
        wake_.clear();
}

} // namespace atrium::events::rabbitmq
