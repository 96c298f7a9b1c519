#include <base/json_writer.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace atrium {
namespace {

/// For each byte: 0 if it needs no escape, the letter of its short escape, or 'u' if it needs \u00XX.
constexpr std::array<char, 256> escapes = [] {
    std::array<char, 256> table{};
    for (std::size_t c = 0; c < 0x20; ++c)
        table[c] = 'u';
    table['\b'] = 'b';
    table['\f'] = 'f';
    table['\n'] = 'n';
    table['\r'] = 'r';
    table['\t'] = 't';
    table['"'] = '"';
    table['\\'] = '\\';
    return table;
}();

template <class Number>
void append_number(std::string& out, Number number) {
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

bool needs_escape(char c) {
    return escapes[static_cast<unsigned char>(c)] != 0;
}

/// Whether at least one of the eight bytes needs an escape. Subtracting n from each byte sets the highest bit of a byte that is
/// below n, and `& ~values` excludes the bytes whose highest bit was set before. So at least one byte in the result of
/// `is_below` has its highest bit set exactly if at least one byte of `values` is below n. A byte is equal to c if `byte ^ c`
/// is below 1.
constexpr bool has_escapes(std::uint64_t bytes) {
    constexpr std::uint64_t ones = 0x0101'0101'0101'0101;
    constexpr auto is_below = [](std::uint64_t values, std::uint64_t n) { return (values - ones * n) & ~values; };
    return ((is_below(bytes, 0x20) | is_below(bytes ^ ones * '"', 1) | is_below(bytes ^ ones * '\\', 1)) & ones * 0x80) != 0;
}

bool has_escapes(std::string_view text) {
    while (text.size() >= sizeof(std::uint64_t)) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, text.data(), sizeof bytes);
        if (has_escapes(bytes))
            return true;
        text.remove_prefix(sizeof bytes);
    }
    return std::any_of(text.begin(), text.end(), needs_escape);
}

void append_escaped(std::string& out, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    for (const char c : text) {
        if (!needs_escape(c)) {
            out.push_back(c);
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out.push_back('\\');
        out.push_back(escapes[byte]);
        if (escapes[byte] == 'u')
            out.append("00").append({hex[byte >> 4], hex[byte & 15]});
    }
}

} // namespace

void json_writer::string(std::string_view text) {
    if (has_escapes(text)) [[unlikely]] {
        out_.push_back('"');
        append_escaped(out_, text);
        out_.push_back('"');
        return;
    }
    const auto begin = out_.size();
    out_.append(text.size() + 2, '"'); // one call that appends quotes and text together is faster than three
    text.copy(out_.data() + begin + 1, text.size());
}

json_writer& json_writer::begin_object() {
    separate();
    out_.push_back('{');
    is_first_ = true;
    return *this;
}

json_writer& json_writer::end_object() {
    out_.push_back('}');
    is_first_ = false;
    return *this;
}

json_writer& json_writer::begin_array() {
    separate();
    out_.push_back('[');
    is_first_ = true;
    return *this;
}

json_writer& json_writer::end_array() {
    out_.push_back(']');
    is_first_ = false;
    return *this;
}

json_writer& json_writer::key(std::string_view name) {
    separate();
    out_.push_back('"');
    out_.append(name).append("\":");
    is_first_ = true;
    return *this;
}

json_writer& json_writer::escaped_key(std::string_view name) {
    separate();
    string(name);
    out_.push_back(':');
    is_first_ = true;
    return *this;
}

json_writer& json_writer::value(std::string_view text) {
    separate();
    string(text);
    return *this;
}

json_writer& json_writer::value(std::int64_t number) {
    separate();
    append_number(out_, number);
    return *this;
}

json_writer& json_writer::value(double number) {
    if (!std::isfinite(number))
        return null();
    separate();
    append_number(out_, number);
    return *this;
}

json_writer& json_writer::value(bool truth) {
    separate();
    out_.append(truth ? "true" : "false");
    return *this;
}

json_writer& json_writer::value(timestamp when) {
    separate();
    if (last_time_.time != when)
        update_time_text(when);
    out_.append(last_time_.quoted.data(), last_time_.quoted.size());
    return *this;
}

void json_writer::update_time_text(timestamp when) {
    using namespace std::chrono;
    auto& [quoted, time] = last_time_;
    const auto day = floor<days>(when);
    if (time && floor<days>(*time) == day) {
        write_time_of_day(quoted.data() + 1, when - day);
    } else {
        quoted.front() = quoted.back() = '"';
        write_rfc3339(quoted.data() + 1, when);
    }
    time = when;
}

json_writer& json_writer::null() {
    separate();
    out_.append("null");
    return *this;
}

json_writer& json_writer::raw(std::string_view json) {
    separate();
    out_.append(json);
    return *this;
}

std::string rendered_key(std::string_view name) {
    return ",\"" + std::string{name} + "\":";
}

} // namespace atrium
