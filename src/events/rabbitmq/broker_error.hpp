#pragma once

#include "broker_url.hpp"

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace atrium::events::rabbitmq {

/// The broker or the way to it failed. The connection that threw it is of no use any more.
class broker_error : public std::runtime_error {
public:
    enum class remedy {
        time,     ///< trying again may help by itself
        a_person, ///< it will not, until somebody has followed the advice
    };

    broker_error(const std::string& what_happened, std::string advice, remedy by)
        : std::runtime_error{what_happened}, advice_{std::move(advice)}, by_{by} {}

    /// What a person should do.
    [[nodiscard]] const std::string& advice() const noexcept { return advice_; }
    /// The largest body that the broker takes, in bytes; set if it has refused a message for its size.
    [[nodiscard]] std::optional<std::size_t> largest_message() const noexcept { return largest_message_; }
    [[nodiscard]] broker_error with_largest_message(std::size_t bytes) && {
        largest_message_ = bytes;
        return std::move(*this);
    }
    [[nodiscard]] bool only_a_person_helps() const noexcept { return by_ == remedy::a_person; }

private:
    std::string advice_;
    remedy by_;
    std::optional<std::size_t> largest_message_;
};

/// What was under way when it failed; nothing in particular, where `doing` is empty.
struct attempt {
    std::string_view doing = {};   ///< "declare the queue"
    std::string_view subject = {}; ///< its name; may be empty
};

/// An `amqp_status_enum` while connecting and logging in.
[[nodiscard]] broker_error connect_error(int status, const broker_url& url, std::string_view ca_file);

/// An `amqp_status_enum` later.
[[nodiscard]] broker_error lost_error(int status, const attempt& what);

/// The broker closed the connection or the channel, with a reply code and text of AMQP 0-9-1 (1.3 and RabbitMQ's own).
[[nodiscard]] broker_error closed_error(int code, std::string_view text, const broker_url& url, const attempt& what);

} // namespace atrium::events::rabbitmq
