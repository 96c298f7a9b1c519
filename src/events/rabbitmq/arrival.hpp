#pragma once

#include "message.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

struct amqp_frame_t_;

namespace atrium::events::rabbitmq {

/// Everything that a broker sends except the responses to requests.
namespace incoming {

struct delivery {
    std::string consumer; ///< the tag that was passed to `consume`
    std::uint64_t tag = 0;
    bool redelivered = false;
    message content;
};
/// A message that was published as mandatory, and that was not routed to any queue.
struct returned {
    message content;
};
/// The broker's basic.ack of messages that this process has published, or basic.nack if `refused`.
struct confirm {
    std::uint64_t tag = 0;
    bool multiple = false;
    bool refused = false;
};
/// The broker cancelled a consumer, because the consumer's queue was deleted or the node of this queue is down.
struct cancelled {
    std::string consumer;
};
/// The broker is short of memory or disk and reads nothing from publishers until `unblocked`.
struct blocked {
    std::string reason;
};
struct unblocked {};
/// The broker closed a channel or the connection.
struct closed {
    int code = 0;
    std::string text;
};

} // namespace incoming

using arrival = std::variant<incoming::delivery, incoming::returned, incoming::confirm, incoming::cancelled, incoming::blocked,
                             incoming::unblocked, incoming::closed>;

/// Assembles arrivals from frames: a delivery, for example, comes as a method frame, a header frame and any number of body
/// frames. The frames may come from several channels, but only one of these channels may carry messages. No I/O.
class frame_assembler {
public:
    /// If a body has more than `max_body` bytes, only the first `oversized_prefix` bytes are kept.
    explicit frame_assembler(std::size_t max_body = std::numeric_limits<std::size_t>::max()) noexcept : max_body_{max_body} {}

    static constexpr std::size_t oversized_prefix = 64 * 1024;

    /// Returns the arrival that this frame completes, if any. Copies everything that it needs from the frame. Throws
    /// `broker_error` for frames that AMQP does not allow at this point.
    [[nodiscard]] std::optional<arrival> add(const amqp_frame_t_& frame);

private:
    struct partial {
        arrival unfinished;
        std::uint64_t missing = 0; ///< bytes of the body that are still to come
        bool has_header = false;
    };

    [[nodiscard]] std::optional<arrival> finish_if_complete();
    void begin(arrival unfinished);
    void begin_body(std::uint64_t size);
    void add_to_body(std::string_view part);

    std::size_t max_body_;
    std::optional<partial> partial_;
};

} // namespace atrium::events::rabbitmq
