#include <config/duration.hpp>

#include <charconv>
#include <cstdint>
#include <limits>

namespace atrium::config {
namespace {

using std::chrono::milliseconds;

struct unit {
    std::string_view name;
    milliseconds length;
};

constexpr unit units[] = {
    {"d", std::chrono::hours{24}},  {"h", std::chrono::hours{1}}, {"m", std::chrono::minutes{1}},
    {"s", std::chrono::seconds{1}}, {"ms", milliseconds{1}},
};

} // namespace

std::optional<milliseconds> parse_duration(std::string_view text, milliseconds finest) {
    std::int64_t number = 0;
    const auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{} || text.starts_with('-'))
        return {};

    const std::string_view name{rest, text.data() + text.size()};
    for (const auto& unit : units) {
        if (unit.name != name || unit.length < finest)
            continue;
        if (number > std::numeric_limits<std::int64_t>::max() / unit.length.count())
            return {};
        return number * unit.length;
    }
    return {};
}

std::string format_duration(milliseconds length) {
    for (const auto& unit : units)
        if (length.count() != 0 && length % unit.length == milliseconds{0})
            return std::to_string(length / unit.length) + std::string{unit.name};
    return std::to_string(length.count()) + "ms";
}

} // namespace atrium::config
