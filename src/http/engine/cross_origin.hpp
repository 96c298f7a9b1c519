#pragma once

#include <http/request.hpp>
#include <http/response.hpp>
#include <http/router.hpp>

#include <string>
#include <string_view>

namespace atrium::http {

/// What browsers are told about calls from pages of another origin (Fetch standard, CORS protocol). Read-only after
/// construction: any thread.
class cross_origin {
public:
    /// `origin` as in `settings::cors_origin`: empty means that nothing is ever added.
    explicit cross_origin(std::string origin);

    /// The header lines for the answer to a request; empty for pages that may not call.
    [[nodiscard]] std::string_view lines_for(const request& q) const;

    /// Whether this is a browser asking for leave before the request itself.
    [[nodiscard]] bool is_preflight(const request& q) const;

    /// 204 with the methods that the path has; `match` is the router's answer.
    [[nodiscard]] response preflight(const router::match& match) const;

private:
    std::string origin_;
    std::string allowed_; ///< lines for the origin that may call
    std::string others_;  ///< lines for the rest
};

} // namespace atrium::http
