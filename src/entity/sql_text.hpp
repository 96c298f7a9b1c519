#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace atrium::entity {

/// "[1,2]": numbers as one parameter for json_each.
[[nodiscard]] std::string json_array_of(std::span<const std::int64_t> numbers);

/// The name of a column without the alias of its table.
[[nodiscard]] std::string_view unqualified(std::string_view column) noexcept;

} // namespace atrium::entity
