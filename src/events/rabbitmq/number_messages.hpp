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

/// An event to be sent to the broker, with its publisher and the header that contains its delivery numbers. The publisher and
/// the header are empty if the event has no numbers.
struct outgoing_event : event {
    outgoing_event(event e, std::string publisher_id = {}, std::string numbers_header = {})
        : event{std::move(e)}, publisher{std::move(publisher_id)}, numbers{std::move(numbers_header)} {}

    std::string publisher;
    std::string numbers;
    bool is_repeated = false; ///< the event is sent again, because the first message may not have arrived
    std::string queue;        ///< the only queue that gets the event; if empty, all queues whose topics match
};
/// Adds the headers for publisher and numbers to the message of the event. Adds nothing if the event has no numbers.
void add_numbers(message& m, const outgoing_event& e);

/// A delivery number for a subscription, which is identified by its name at the broker.
struct addressed_number {
    std::string_view subscription;
    delivery_number number;
};
/// Appends the number to the header's text: "users.order_statistics=17 orders.user_names=5".
void append_number(std::string& header, const addressed_number& number);

/// An event's publisher, and its number for one subscription.
struct received_number {
    std::string publisher;
    delivery_number number;
    bool is_repeated = false; ///< the event was sent again, because the first message may not have arrived
};
/// Empty if the message has no number for this subscription, because its sender does not number events or because the event is
/// not for this subscription.
[[nodiscard]] std::optional<received_number> find_number(const message& m, std::string_view subscription);

/// The inquiry that the receiver of a subscription sends to all publishers.
struct number_inquiry {
    std::string subscription; ///< the name of the subscription at the broker
    std::string receiver;     ///< the id of the database that asks
    struct publisher {
        std::string id;
        delivery_number next;              ///< higher than all numbers that have arrived from this publisher
        std::vector<number_range> missing; ///< the lowest missing ranges, to be sent again
    };
    std::vector<publisher> publishers; ///< the publishers from which the receiver has received something
};
[[nodiscard]] message write(const number_inquiry& inquiry);
/// Errors: invalid.
[[nodiscard]] result<number_inquiry> read_inquiry(const message& m);

/// Returns a report as a message. The message has the form of a probe, so that a version without delivery numbers treats it as
/// another process's probe.
[[nodiscard]] message write(const number_report& report, std::string id);
[[nodiscard]] bool is_report(const message& m);
/// Errors: invalid.
[[nodiscard]] result<number_report> read_report(const message& m);

/// The name of the fanout exchange through which receivers reach every publisher.
[[nodiscard]] std::string inquiry_exchange(std::string_view exchange);

} // namespace atrium::events::rabbitmq
