#pragma once

#include <base/error.hpp>
#include <http/recent_requests.hpp>
#include <http/request.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace atrium::console {

/// Which of the latest requests a client wants to see.
struct request_filter {
    std::optional<http::verb> method{};
    std::optional<std::string> route{}; ///< the pattern of the route
    unsigned min_status = 0;
    unsigned max_status = 999;
    std::optional<std::string> request_id{};
    std::optional<std::string> principal{};
    std::chrono::duration<double> min_duration{0};
    bool includes_console = true; ///< whether requests that the console has sent match as well
    std::uint64_t before = 0;     ///< the `seq` of the last request on the previous page; 0 for the first page
    std::size_t limit = 100;

    [[nodiscard]] bool matches(const http::recorded_request& r) const;
};

/// Reads the query of a request. Errors: malformed.
[[nodiscard]] result<request_filter> read_request_filter(const http::request& q);

/// A page of the latest requests.
struct request_page {
    std::string json;                    ///< an array
    std::optional<std::uint64_t> next{}; ///< `request_filter::before` of the next page; empty on the last page
};

[[nodiscard]] request_page list_recent(http::recent_requests& requests, const request_filter& filter);

} // namespace atrium::console
