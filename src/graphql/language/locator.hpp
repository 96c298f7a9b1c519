#pragma once

#include <graphql/document.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace atrium::graphql {

/// Lines and columns of many places in one source: one pass over the source to begin with, then little for each place, however
/// long the source or its lines are. Outlived by the source.
class locator {
public:
    explicit locator(std::string_view source);

    /// What `document::locate` says.
    [[nodiscard]] location at(std::uint32_t offset) const noexcept;

private:
    [[nodiscard]] location step(location from, std::size_t offset) const noexcept;

    std::string_view source_;
    std::vector<location> marks_{}; // of every so many bytes
};

} // namespace atrium::graphql
