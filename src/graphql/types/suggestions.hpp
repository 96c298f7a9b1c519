#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Guesses at what a wrong name was meant to be. The suggestions and their order are those of graphql-js.
namespace atrium::graphql {

/// The options that are close to `input`, the closest first: by the number of letters inserted, removed, replaced or swapped,
/// a difference in case alone counting as one. At most two fifths of the input's length, and one, may differ. Names of absurd
/// length or number are not all compared.
[[nodiscard]] std::vector<std::string> suggestions(std::string_view input, std::span<const std::string_view> options);

/// ` Did you mean "a", "b", or "c"?` with at most five of them, to stand after a sentence; empty where there are none.
/// @param kind what they are, where that must be said: "to use an inline fragment on"
[[nodiscard]] std::string did_you_mean(std::span<const std::string> suggested, std::string_view kind = {});

/// Both in one.
[[nodiscard]] std::string did_you_mean(std::string_view input, std::span<const std::string_view> options,
                                       std::string_view kind = {});

/// Whether `a` comes before `b` where people sort: numbers inside of names by their value ("a2" before "a10").
[[nodiscard]] bool natural_less(std::string_view a, std::string_view b) noexcept;

} // namespace atrium::graphql
