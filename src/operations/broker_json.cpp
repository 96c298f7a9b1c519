#include <base/json_texts.hpp>
#include <operations/broker_json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace atrium::operations {
namespace {

void show(json_writer& json, const events::bridge_state& b) {
    json.begin_object().key("queue").value(b.queue).key("connected").value(b.connected);
    if (!b.connected)
        json.key("trouble").value(b.trouble);
    json.end_object();
}

} // namespace

void show(json_writer& json, const events::broker_state& b) {
    json.begin_object().key("url").value(b.url).key("connected").value(b.connected_since.has_value());
    if (b.connected_since)
        json.key("connected_since").value(*b.connected_since);
    else
        json.key("trouble").value(b.trouble);
    if (!b.blocked.empty())
        json.key("blocked").value(b.blocked);
    json.key("reconnects").value(static_cast<std::int64_t>(b.reconnects));
    json.key("unconfirmed").value(static_cast<std::int64_t>(b.unconfirmed));
    json.key("unacknowledged").value(static_cast<std::int64_t>(b.unacknowledged));
    json.key("returned").value(static_cast<std::int64_t>(b.returned));
    json.key("redelivered").value(static_cast<std::int64_t>(b.redelivered));
    write_texts(json.key("standby"), b.standby);
    if (!b.limited_queues.empty())
        write_texts(json.key("limited_queues"), b.limited_queues);
    if (!b.bridges.empty()) {
        json.key("bridges").begin_array();
        for (const auto& bridge : b.bridges)
            show(json, bridge);
        json.end_array();
    }
    if (b.drained)
        json.key("drained").value(true);
    json.end_object();
}

} // namespace atrium::operations
