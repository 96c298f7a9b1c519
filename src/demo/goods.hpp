#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Invented names of people and products.
namespace atrium::demo {

/// A name that is different for each number: "ida.becker", or "ida.becker2" once every pair of names has been used.
[[nodiscard]] std::string username(std::size_t number);

/// The product of the order with this number, from a short list of products. About one order in a hundred is of a fragile
/// product.
[[nodiscard]] std::string_view product(std::size_t number);

/// Whether the subscription `demo.unreliable` fails for an order of this product.
[[nodiscard]] bool is_fragile(std::string_view product) noexcept;

} // namespace atrium::demo
