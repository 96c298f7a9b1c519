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

/// What browsers are told about calls from pages of another origin (Fetch standard, CORS protocol). Read-only after
/// construction: any thread.
class cross_origin {
public:
    /// By `settings::cors_origins` and `settings::cors_headers`. Without origins nothing is ever added to an answer.
    explicit cross_origin(const settings& s);

    /// The header lines for the answer to a request.
    [[nodiscard]] std::string_view lines_for(const request& q) const;

    /// Whether this is a browser asking, for a page that may call, before the request itself.
    [[nodiscard]] bool is_preflight(const request& q) const;

    /// 204 with the methods that the path has; `match` is the router's answer.
    [[nodiscard]] response preflight(const router::match& match) const;

private:
    [[nodiscard]] const std::string* find_lines(const request& q) const;

    std::vector<std::pair<std::string, std::string>> lines_by_origin_;
    std::string lines_for_every_;    ///< if every origin may call
    std::string lines_for_the_rest_; ///< of requests without an origin, or from one that may not call
    std::string request_headers_;
};

} // namespace atrium::http
