#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Suggestions for a wrong name: those of graphql-js, in the same order.
namespace atrium::graphql {

/// Returns the options that are close to `input`, the closest first. The distance of two names is the number of letters that
/// have to be inserted, removed, replaced or swapped to turn one into the other. Names that differ only in case have the
/// distance 1. An option is close if its distance is at most one more than two fifths of the input's length. If names are
/// extremely long or numerous, not all of them are compared.
[[nodiscard]] std::vector<std::string> suggestions(std::string_view input, std::span<const std::string_view> options);

/// ` Did you mean "a", "b", or "c"?` with at most five suggestions, to be appended to a sentence; empty if there are none.
/// @param introduction words between "Did you mean" and the names: "to use an inline fragment on"; empty for none
[[nodiscard]] std::string did_you_mean(std::span<const std::string> names, std::string_view introduction = {});

/// Like the function above, for the result of `suggestions(input, options)`.
[[nodiscard]] std::string did_you_mean(std::string_view input, std::span<const std::string_view> options,
                                       std::string_view introduction = {});

/// The names of the items, from which suggestions are chosen.
template <class Named>
[[nodiscard]] std::vector<std::string_view> names_of(const std::vector<Named>& items) {
    std::vector<std::string_view> names;
    names.reserve(items.size());
    for (const auto& item : items)
        names.push_back(item.name);
    return names;
}

/// Natural order: numbers inside names are compared by value ("a2" before "a10").
[[nodiscard]] bool natural_less(std::string_view a, std::string_view b) noexcept;

} // namespace atrium::graphql
