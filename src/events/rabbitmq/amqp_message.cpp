#include "amqp_message.hpp"

#include <base/clock.hpp>

#include <chrono>

namespace atrium::events::rabbitmq {
namespace {

constexpr std::uint8_t persistent = 2; // as the value of AMQP's property delivery_mode

/// Returns a value as text in CloudEvents' canonical form (AMQP binding 1.0.2, section 3.1.3.2); empty for types without such a
/// form, and for times after the year 9999.
std::string text_of(const amqp_field_value_t& v) {
    switch (v.kind) {
    case AMQP_FIELD_KIND_UTF8:
    case AMQP_FIELD_KIND_BYTES: return std::string{as_text(v.value.bytes)};
    case AMQP_FIELD_KIND_BOOLEAN: return v.value.boolean ? "true" : "false";
    case AMQP_FIELD_KIND_I8: return std::to_string(v.value.i8);
    case AMQP_FIELD_KIND_U8: return std::to_string(v.value.u8);
    case AMQP_FIELD_KIND_I16: return std::to_string(v.value.i16);
    case AMQP_FIELD_KIND_U16: return std::to_string(v.value.u16);
    case AMQP_FIELD_KIND_I32: return std::to_string(v.value.i32);
    case AMQP_FIELD_KIND_U32: return std::to_string(v.value.u32);
    case AMQP_FIELD_KIND_I64: return std::to_string(v.value.i64);
    case AMQP_FIELD_KIND_U64: return std::to_string(v.value.u64);
    case AMQP_FIELD_KIND_TIMESTAMP: {
        constexpr std::uint64_t end_of_year_9999 = 253'402'300'799;
        if (v.value.u64 > end_of_year_9999)
            return {};
        return to_rfc3339(timestamp{std::chrono::seconds{static_cast<std::int64_t>(v.value.u64)}});
    }
    default: return {};
    }
}

} // namespace

amqp_table_entry_t text_entry(std::string_view name, std::string_view text) noexcept {
    amqp_table_entry_t entry{};
    entry.key = as_bytes(name);
    entry.value.kind = AMQP_FIELD_KIND_UTF8;
    entry.value.value.bytes = as_bytes(text);
    return entry;
}

amqp_basic_properties_t properties_of(const message& m, std::vector<amqp_table_entry_t>& entries) {
    amqp_basic_properties_t p{};
    const auto set_text = [&](amqp_flags_t flag, amqp_bytes_t& property, const std::string& value) {
        if (value.empty())
            return;
        p._flags |= flag;
        property = as_bytes(value);
    };
    set_text(AMQP_BASIC_CONTENT_TYPE_FLAG, p.content_type, m.content_type);
    set_text(AMQP_BASIC_MESSAGE_ID_FLAG, p.message_id, m.message_id);
    set_text(AMQP_BASIC_EXPIRATION_FLAG, p.expiration, m.expiration);
    if (m.persistent) {
        p._flags |= AMQP_BASIC_DELIVERY_MODE_FLAG;
        p.delivery_mode = persistent;
    }
    if (m.priority > 0) {
        p._flags |= AMQP_BASIC_PRIORITY_FLAG;
        p.priority = static_cast<std::uint8_t>(m.priority);
    }
    if (m.timestamp > 0) {
        p._flags |= AMQP_BASIC_TIMESTAMP_FLAG;
        p.timestamp = m.timestamp;
    }
    entries.clear();
    for (const auto& h : m.headers)
        entries.push_back(text_entry(h.name, h.value));
    if (!entries.empty()) {
        p._flags |= AMQP_BASIC_HEADERS_FLAG;
        p.headers = {static_cast<int>(entries.size()), entries.data()};
    }
    return p;
}

void take_properties(const amqp_basic_properties_t& properties, message& target) {
    if (properties._flags & AMQP_BASIC_CONTENT_TYPE_FLAG)
        target.content_type = as_text(properties.content_type);
    if (properties._flags & AMQP_BASIC_MESSAGE_ID_FLAG)
        target.message_id = as_text(properties.message_id);
    if (properties._flags & AMQP_BASIC_TIMESTAMP_FLAG)
        target.timestamp = properties.timestamp;
    if (properties._flags & AMQP_BASIC_PRIORITY_FLAG)
        target.priority = properties.priority;
    target.persistent = (properties._flags & AMQP_BASIC_DELIVERY_MODE_FLAG) && properties.delivery_mode == persistent;
    if (!(properties._flags & AMQP_BASIC_HEADERS_FLAG))
        return;
    target.headers.reserve(static_cast<std::size_t>(properties.headers.num_entries));
    for (int i = 0; i < properties.headers.num_entries; ++i) {
        const auto& entry = properties.headers.entries[i];
        target.headers.push_back({std::string{as_text(entry.key)}, text_of(entry.value)});
    }
}

} // namespace atrium::events::rabbitmq
