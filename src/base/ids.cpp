#include <base/ids.hpp>

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <charconv>

namespace atrium {
namespace {

/// A UUID version 4, of which 122 bits are random.
boost::uuids::uuid random_uuid() {
    thread_local boost::uuids::random_generator_mt19937 generate; // seeded from the operating system, once per thread
    return generate();
}

constexpr bool is_lower_hex(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

bool all_zero(std::string_view text) noexcept {
    return text.find_first_not_of('0') == std::string_view::npos;
}

std::string hex(const boost::uuids::uuid& bits, std::size_t byte_count) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(byte_count * 2);
    for (std::size_t i = 0; i < byte_count; ++i) {
        text.push_back(digits[bits.data[i] >> 4]);
        text.push_back(digits[bits.data[i] & 15]);
    }
    return text;
}

/// Whether the text is "00-" trace-id "-" parent-id "-" flags, in lower-case hex, and neither id is all zero (W3C Trace
/// Context, section 3.2).
bool is_traceparent(std::string_view text) noexcept {
    if (text.size() != 55 || text.substr(0, 3) != "00-" || text[35] != '-' || text[52] != '-')
        return false;
    for (std::size_t i = 3; i < text.size(); ++i)
        if (i != 35 && i != 52 && !is_lower_hex(text[i]))
            return false;
    return !all_zero(text.substr(3, 32)) && !all_zero(text.substr(36, 16));
}

} // namespace

std::optional<std::int64_t> parse_id(std::string_view text) noexcept {
    if (text.empty() || text.front() < '1' || text.front() > '9')
        return std::nullopt;
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

std::string make_uuid_v7(timestamp now) {
    auto id = random_uuid();
    const auto milliseconds = static_cast<std::uint64_t>(now.time_since_epoch().count());
    for (std::size_t i = 0; i < 6; ++i)
        id.data[i] = static_cast<std::uint8_t>(milliseconds >> (40 - 8 * i));
    id.data[6] = static_cast<std::uint8_t>(0x70 | (id.data[6] & 0x0f)); // version 7
    id.data[8] = static_cast<std::uint8_t>(0x80 | (id.data[8] & 0x3f)); // variant of RFC 9562
    return boost::uuids::to_string(id);
}

bool is_uuid(std::string_view text) noexcept {
    if (text.size() != 36)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const char c = text[i];
        const bool hex_digit = is_lower_hex(c) || (c >= 'A' && c <= 'F');
        if (dash ? c != '-' : !hex_digit)
            return false;
    }
    return true;
}

std::string make_traceparent() {
    return "00-" + hex(random_uuid(), 16) + "-" + hex(random_uuid(), 8) + "-00";
}

std::string continue_traceparent(std::string_view parent) {
    if (!is_traceparent(parent))
        return make_traceparent();
    return std::string{parent.substr(0, 36)} + hex(random_uuid(), 8) + std::string{parent.substr(52)};
}

} // namespace atrium
