#pragma once

#include <graphql/document.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace atrium::graphql {

/// Converts many offsets in one source to lines and columns. The constructor reads the source once; afterwards each conversion
/// is fast, however long the source or its lines are. The source must outlive the locator.
class locator {
public:
    explicit locator(std::string_view source);

    /// The same as `document::locate`.
    [[nodiscard]] location locate(std::uint32_t offset) const noexcept;

private:
    [[nodiscard]] location step(location position, std::size_t offset) const noexcept;

    std::string_view source_;
    std::vector<location> marks_{}; // the locations of the bytes 0, `bytes_per_mark`, 2 * `bytes_per_mark`, ...
};

} // namespace atrium::graphql
