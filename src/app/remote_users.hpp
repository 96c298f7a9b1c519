#pragma once

#include <base/clock.hpp>
#include <base/json_writer.hpp>
#include <base/log.hpp>
#include <http/client.hpp>
#include <metrics/registry.hpp>
#include <users/remote_directory.hpp>

#include <string>

namespace atrium::app {

/// The users service where it is another process: who a user is, and how that service did lately. What it is given outlives it.
class remote_users {
public:
    /// `url` is one that `http::parse_base_url` takes.
    remote_users(const std::string& url, const clock& time, metrics::registry& metrics, const logger& log);

    [[nodiscard]] users::directory& directory() noexcept { return directory_; }

    /// For /readyz: whether the last question was answered, and if not, since when. Any thread.
    void show(json_writer& to) const;

private:
    http::client client_;
    users::remote_directory directory_;
};

} // namespace atrium::app
