#pragma once

#include "server/origin_list.hpp"

#include <http/request.hpp>
#include <http/response.hpp>
#include <http/router.hpp>
#include <http/server.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::http {

/// The response headers by which browsers decide whether pages of another origin may read a response (CORS protocol of the
/// Fetch standard). Does not change after construction, so any thread may use it.
class cross_origin {
public:
    /// Uses `settings::cors_origins` and `settings::cors_headers`. If no origins are configured, nothing is added to any
    /// response.
    explicit cross_origin(const settings& s);

    /// The header lines for the response to a request.
    [[nodiscard]] std::string_view lines_for(const request& q) const;

    /// Whether a request is a preflight request for a page that is allowed to send requests.
    [[nodiscard]] bool is_preflight(const request& q) const;

    /// 204 with the methods of the path; `match` is the router's result.
    [[nodiscard]] response preflight(const router::match& match) const;

private:
    [[nodiscard]] const std::string* find_lines(const request& q) const;

    std::vector<std::pair<std::string, std::string>> lines_by_origin_;
    std::string lines_for_every_;    ///< the lines if every origin is allowed
    std::string lines_for_the_rest_; ///< the lines for requests without an origin, or from an origin that is not allowed
    std::string request_headers_;
};

} // namespace atrium::http
