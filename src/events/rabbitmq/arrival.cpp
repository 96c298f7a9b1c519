#include "arrival.hpp"

#include "amqp_message.hpp"
#include "broker_error.hpp"

#include <algorithm>
#include <utility>

namespace atrium::events::rabbitmq {
namespace {

constexpr std::size_t max_reserved =
    1024 * 1024; // in bytes; the header may announce any size, so more memory is allocated only as the body arrives

broker_error out_of_order() {
    return lost_error(AMQP_STATUS_UNEXPECTED_STATE, {"assemble a message from frames"});
}

message* content_of(arrival& unfinished) {
    if (auto* d = std::get_if<incoming::delivery>(&unfinished))
        return &d->content;
    return &std::get<incoming::returned>(unfinished).content;
}

std::string copy(amqp_bytes_t bytes) {
    return std::string{as_text(bytes)};
}

} // namespace

std::optional<arrival> frame_assembler::add(const amqp_frame_t_& frame) {
    if (frame.frame_type == AMQP_FRAME_HEADER) {
        if (!partial_ || partial_->has_header)
            throw out_of_order();
        take_properties(*static_cast<const amqp_basic_properties_t*>(frame.payload.properties.decoded),
                        *content_of(partial_->unfinished));
        begin_body(frame.payload.properties.body_size);
        return finish_if_complete();
    }
    if (frame.frame_type == AMQP_FRAME_BODY) {
        const auto part = as_text(frame.payload.body_fragment);
        if (!partial_ || !partial_->has_header || part.size() > partial_->missing)
            throw out_of_order();
        add_to_body(part);
        return finish_if_complete();
    }
    if (frame.frame_type != AMQP_FRAME_METHOD) // a heartbeat that librabbitmq queued
        return std::nullopt;

    const auto* fields = frame.payload.method.decoded;
    switch (frame.payload.method.id) {
    case AMQP_BASIC_DELIVER_METHOD: {
        const auto& m = *static_cast<const amqp_basic_deliver_t*>(fields);
        begin(
            incoming::delivery{copy(m.consumer_tag), m.delivery_tag, m.redelivered != 0, {.routing_key = copy(m.routing_key)}});
        return std::nullopt;
    }
    case AMQP_BASIC_RETURN_METHOD:
        begin(incoming::returned{{.routing_key = copy(static_cast<const amqp_basic_return_t*>(fields)->routing_key)}});
        return std::nullopt;
    case AMQP_BASIC_ACK_METHOD: {
        const auto& m = *static_cast<const amqp_basic_ack_t*>(fields);
        return incoming::confirm{m.delivery_tag, m.multiple != 0, false};
    }
    case AMQP_BASIC_NACK_METHOD: {
        const auto& m = *static_cast<const amqp_basic_nack_t*>(fields);
        return incoming::confirm{m.delivery_tag, m.multiple != 0, true};
    }
    case AMQP_BASIC_CANCEL_METHOD:
        return incoming::cancelled{copy(static_cast<const amqp_basic_cancel_t*>(fields)->consumer_tag)};
    case AMQP_CONNECTION_BLOCKED_METHOD:
        return incoming::blocked{copy(static_cast<const amqp_connection_blocked_t*>(fields)->reason)};
    case AMQP_CONNECTION_UNBLOCKED_METHOD: return incoming::unblocked{};
    case AMQP_CHANNEL_CLOSE_METHOD: {
        const auto& m = *static_cast<const amqp_channel_close_t*>(fields);
        return incoming::closed{m.reply_code, copy(m.reply_text)};
    }
    case AMQP_CONNECTION_CLOSE_METHOD: {
        const auto& m = *static_cast<const amqp_connection_close_t*>(fields);
        return incoming::closed{m.reply_code, copy(m.reply_text)};
    }
    default: throw out_of_order();
    }
}

void frame_assembler::begin(arrival unfinished) {
    if (partial_)
        throw out_of_order();
    partial_.emplace(partial{std::move(unfinished)});
}

void frame_assembler::begin_body(std::uint64_t size) {
    partial_->has_header = true;
    partial_->missing = size;
    auto& content = *content_of(partial_->unfinished);
    if (size > max_body_)
        content.omitted = size - std::min<std::uint64_t>(size, oversized_prefix);
    content.body.reserve(std::min<std::size_t>(size - content.omitted, max_reserved));
}

void frame_assembler::add_to_body(std::string_view part) {
    auto& content = *content_of(partial_->unfinished);
    const auto kept_size = partial_->missing - std::min(partial_->missing, content.omitted);
    content.body += part.substr(0, kept_size);
    partial_->missing -= part.size();
}

std::optional<arrival> frame_assembler::finish_if_complete() {
    if (partial_->missing > 0)
        return std::nullopt;
    auto whole = std::move(partial_->unfinished);
    partial_.reset();
    return whole;
}

} // namespace atrium::events::rabbitmq
