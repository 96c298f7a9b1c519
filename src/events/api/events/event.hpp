#pragma once

#include <base/clock.hpp>
#include <base/ids.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace atrium::events {

/// An event that a module publishes. The journal adds id, source, time and seq.
struct new_event {
    std::string topic; ///< "orders.order_created": the first word is the publishing module
    std::string key;   ///< "order/1": events with one key stay in order
    std::string data;  ///< a JSON object, as text
    int priority = 4;  ///< 0 to 9; events with a higher priority are handled earlier, but events of one key stay in order
    std::string traceparent = {}; ///< the trace that caused it; if empty, a new trace begins
    std::string request_id = {};  ///< the request that caused it; empty if it is not known
    /// The time at which the event is delivered to subscriptions, by the machine's clock. If it is empty or past, the event is
    /// delivered immediately. The journal and followers have the event from its commit on.
    std::optional<timestamp> deliver_at = {};
};

/// The number of an event in this process's journal. Events have no other order than that of these numbers. Another process
/// gives the same event a different number. 0 is before the first event.
using event_seq = id<struct event_seq_tag>;

/// A published event: CloudEvents 1.0 with Atrium's extensions `key`, `priority` and `seq`.
struct event {
    event_seq seq = {};
    std::string id;     ///< UUID version 7, the same in every process
    std::string source; ///< "/atrium/orders"
    std::string topic;  ///< CloudEvents `type`
    std::string key;    ///< CloudEvents `subject`
    int priority = 4;
    timestamp time;
    std::string traceparent;
    std::string data;        ///< a JSON object, as text
    std::string replay = {}; ///< the id of the replay if an operator delivers the event again; otherwise empty
};

} // namespace atrium::events
