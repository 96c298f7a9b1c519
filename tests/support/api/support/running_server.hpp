#pragma once

#include <support/api_calls.hpp>
#include <support/client.hpp>
#include <support/eventually.hpp>
#include <support/process.hpp>
#include <support/temporary_directory.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::support {

/// The path of the `atrium` program of this build.
[[nodiscard]] const std::string& atrium_program();

/// The port in the log line "listening on http://ADDRESS:PORT", or https; 0 if the log does not have this line yet.
[[nodiscard]] std::uint16_t port_in(const std::string& log);

/// Runs the real `atrium serve` on a free port, with a database that lives as long as the object: the server can be stopped,
/// killed and started again. If a member does not succeed, the test fails. For one thread only.
class running_server final : public api_calls {
public:
    /// `settings` are arguments of `--set`, such as "http.threads=1". `wrapper` is the beginning of the command
    /// that runs the server, such as {"prlimit", "--fsize=1000"}.
    explicit running_server(std::vector<std::string> settings = {}, std::vector<std::string> wrapper = {});

    /// Starts the server with the same data and waits until it listens.
    void start();
    /// Sends SIGTERM and waits until the server has ended. The exit status must be 0.
    void stop();
    /// Ends the server immediately (SIGKILL).
    void kill();
    void restart();

    /// Sets other settings, which take effect at the next start.
    void set_settings(std::vector<std::string> settings, std::vector<std::string> wrapper = {});

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] client& http() override;
    [[nodiscard]] support::process& process() { return *process_; }
    /// The log since the last start.
    [[nodiscard]] std::string log() const { return process_->err(); }
    /// Waits until `text` is in the log, because a line may appear a moment after what it reports.
    void expect_log(std::string_view text) const;
    [[nodiscard]] std::filesystem::path database() const { return folder_ / "atrium.db"; }

    [[nodiscard]] bool is_quiet() override;

private:
    temporary_directory folder_;
    std::vector<std::string> settings_;
    std::vector<std::string> wrapper_;
    std::unique_ptr<support::process> process_;
    std::unique_ptr<client> http_;
    std::uint16_t port_ = 0;
};

} // namespace atrium::support
