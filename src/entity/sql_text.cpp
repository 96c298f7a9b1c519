#include "sql_text.hpp"

namespace atrium::entity {

std::string json_array_of(std::span<const std::int64_t> numbers) {
    std::string text = "[";
    for (const auto each : numbers)
        text.append(text.size() > 1 ? "," : "").append(std::to_string(each));
    return text += ']';
}

std::string_view unqualified(std::string_view column) noexcept {
    return column.substr(column.find('.') + 1);
}

} // namespace atrium::entity
