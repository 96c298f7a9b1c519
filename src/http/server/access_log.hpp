#pragma once

#include <http/recent_requests.hpp>
#include <http/settings.hpp>

#include <memory>
#include <string>

namespace atrium {
class line_writer;
}

namespace atrium::http {

/// One line for an exchange, without a line break: the combined log format of Apache's httpd
/// (https://httpd.apache.org/docs/2.4/logs.html#combined) with the request id as one more field, or a JSON object. Texts from
/// the client are escaped.
[[nodiscard]] std::string render_combined(const exchange& e);
[[nodiscard]] std::string render_json(const exchange& e);

/// Writes a line for each response to standard output, on a thread of its own. A line that is not read in time is dropped. Any
/// thread.
class access_log {
public:
    explicit access_log(access_log_format format);
    ~access_log();
    access_log(const access_log&) = delete;
    access_log& operator=(const access_log&) = delete;

    [[nodiscard]] bool is_on() const noexcept { return writer_ != nullptr; }
    /// Must only be called if the access log is enabled.
    void write(const exchange& e);

private:
    const access_log_format format_;
    std::unique_ptr<line_writer> writer_; ///< null if the access log is disabled
};

} // namespace atrium::http
