#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Invented names of people and products.
namespace atrium::demo {

/// A name that is different for each number: "ida.becker", and "ida.becker2" once all names have been used.
[[nodiscard]] std::string username(std::size_t number);

/// One of a few products.
[[nodiscard]] std::string_view product(std::size_t number);

/// Whether the subscription `demo.unreliable` fails for an order of this product.
[[nodiscard]] bool is_fragile(std::string_view product) noexcept;

} // namespace atrium::demo
