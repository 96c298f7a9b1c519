#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace atrium::http {

/// The origins in a setting: "https://example.com", or "*" for every origin.
class origin_list {
public:
    /// Origins are normalized to the form that browsers send. Text that is not an origin matches nothing.
    explicit origin_list(const std::vector<std::string>& setting);

    [[nodiscard]] bool is_empty() const noexcept { return !has_every_ && origins_.empty(); }
    /// Whether "*" is in the setting.
    [[nodiscard]] bool has_every() const noexcept { return has_every_; }
    /// `origin` must be in the form that browsers send.
    [[nodiscard]] bool contains(std::string_view origin) const noexcept;
    [[nodiscard]] const std::vector<std::string>& origins() const noexcept { return origins_; }

private:
    bool has_every_ = false;
    std::vector<std::string> origins_; ///< normalized
};

} // namespace atrium::http
