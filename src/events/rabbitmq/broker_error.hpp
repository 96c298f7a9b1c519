#pragma once

#include "broker_url.hpp"

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace atrium::events::rabbitmq {

/// The broker or the network failed, or the code that uses the connection has to start again with a new connection. In each of
/// these cases, the old connection is not used any more.
class broker_error : public std::runtime_error {
public:
    enum class remedy {
        time,   ///< trying again may help
        manual, ///< trying again does not help until the advice is followed
    };

    broker_error(const std::string& what_happened, std::string advice, remedy solution)
        : std::runtime_error{what_happened}, advice_{std::move(advice)}, remedy_{solution} {}

    /// What an operator should do.
    [[nodiscard]] const std::string& advice() const noexcept { return advice_; }
    /// The maximum body size that the broker accepts, in bytes; set if it has refused a message because of its size.
    [[nodiscard]] std::optional<std::size_t> largest_message() const noexcept { return largest_message_; }
    [[nodiscard]] broker_error with_largest_message(std::size_t bytes) && {
        largest_message_ = bytes;
        return std::move(*this);
    }
    [[nodiscard]] bool needs_manual_fix() const noexcept { return remedy_ == remedy::manual; }

private:
    std::string advice_;
    remedy remedy_;
    std::optional<std::size_t> largest_message_;
};

/// What the connection was doing when it failed; unknown if `action` is empty.
struct attempt {
    std::string_view action = {};  ///< "declare the queue"
    std::string_view subject = {}; ///< the name of the queue, exchange or consumer; may be empty
};

/// The error for an `amqp_status_enum` while connecting or logging in.
[[nodiscard]] broker_error connect_error(int status, const broker_url& url, std::string_view ca_file);

/// The error for an `amqp_status_enum` after the login.
[[nodiscard]] broker_error lost_error(int status, const attempt& a);

/// The error for a connection or channel that the broker has closed, with a reply code and text of AMQP 0-9-1 (1.3) or
/// RabbitMQ.
[[nodiscard]] broker_error closed_error(int code, std::string_view text, const broker_url& url, const attempt& a);

} // namespace atrium::events::rabbitmq
