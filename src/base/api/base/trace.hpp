#pragma once

#include <cstddef>
#include <string_view>

namespace atrium {

/// The trace id in a W3C `traceparent`, "00-TRACE-PARENT-FLAGS": 32 hexadecimal digits. Empty if the text is too short.
[[nodiscard]] constexpr std::string_view trace_of(std::string_view traceparent) noexcept {
    constexpr std::size_t begin = 3;
    constexpr std::size_t size = 32;
    return traceparent.size() < begin + size ? std::string_view{} : traceparent.substr(begin, size);
}

} // namespace atrium
