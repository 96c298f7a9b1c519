#pragma once

#include "core/number_receiver.hpp"
#include "message.hpp"

#include <base/error.hpp>
#include <events/event.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Delivery numbers on the wire: the headers of an event, the inquiry of a receiver, and the report of a publisher.
namespace atrium::events::rabbitmq {

/// An event on its way to the broker, with the header that holds its numbers. Both texts are empty if it has none.
struct outgoing_event : event {
    outgoing_event(event e, std::string p = {}, std::string n = {})
        : event{std::move(e)}, publisher{std::move(p)}, numbers{std::move(n)} {}

    std::string publisher;
    std::string numbers;
    bool is_repeated = false; ///< sent again, since its receiver has reported that it has not come
};
/// Adds the headers to the event's message.
void add_numbers(message& m, const outgoing_event& e);

/// A number for a subscription, by the name under which the broker knows that.
struct addressed_number {
    std::string_view subscription;
    delivery_number number;
};
/// Appends it to the header's text: "users.order_statistics=17 orders.user_names=5".
void append_number(std::string& header, const addressed_number& number);

/// The publisher of an event, and its number for one subscription.
struct received_number {
    std::string publisher;
    delivery_number number;
    bool is_repeated = false; ///< as in `outgoing_event`
};
/// Empty if the message has none: it is of a program that does not number its events, or not for this subscription.
[[nodiscard]] std::optional<received_number> find_number(const message& m, std::string_view subscription);

/// What the receiver of a subscription asks all publishers.
struct number_inquiry {
    std::string subscription; ///< by the name under which the broker knows it
    std::string receiver;
    struct publisher {
        std::string id;
        delivery_number next;              ///< above each of its numbers that has come
        std::vector<number_range> missing; ///< to be sent again; the lowest ones
    };
    std::vector<publisher> publishers; ///< those that it knows
};
[[nodiscard]] message write(const number_inquiry& inquiry);
/// Errors: invalid.
[[nodiscard]] result<number_inquiry> read_inquiry(const message& m);

/// A report has the form of a probe, so that a version without numbers takes it for another process's probe.
[[nodiscard]] message write(const number_report& report, std::string id);
[[nodiscard]] bool is_report(const message& m);
/// Errors: invalid.
[[nodiscard]] result<number_report> read_report(const message& m);

/// A fanout exchange through which receivers reach every publisher.
[[nodiscard]] std::string inquiry_exchange(std::string_view exchange);

} // namespace atrium::events::rabbitmq
