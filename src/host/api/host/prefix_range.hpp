#pragma once

#include <optional>
#include <string>

namespace atrium::host {

/// The texts that begin with a prefix, as a range that an index can find: `name BETWEEN ?1 AND ?2`, in the collations BINARY
/// and NOCASE. Both ends are null where there is no prefix, or the empty one, with which every text begins.
struct prefix_range {
    /// Code points of the longest text that the range is sure to hold.
    static constexpr int longest_text = 254;

    explicit prefix_range(const std::optional<std::string>& prefix);

    std::optional<std::string> first;
    std::optional<std::string> last; ///< is one of them
};

} // namespace atrium::host
