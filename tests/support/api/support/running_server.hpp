#pragma once

#include <support/client.hpp>
#include <support/eventually.hpp>
#include <support/process.hpp>
#include <support/temporary_directory.hpp>

#include <boost/json/value.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::support {

/// The path of the `atrium` program of this build.
[[nodiscard]] const std::string& atrium_program();

/// A user as the API shows it.
struct user {
    std::int64_t id = 0;
    std::string username;
    std::string email;
    std::int64_t order_count = 0;
    std::optional<std::string> last_order_at;
    std::int64_t revision = 0;
};

/// An order as the API shows it.
struct order {
    std::int64_t id = 0;
    std::int64_t user_id = 0;
    std::string user; ///< the name
    std::string product_name;
    std::int64_t quantity = 0;
    std::string status;
    std::int64_t revision = 0;
};

/// The real `atrium serve` on a free port, with a database of its own that stays for as long as the object lives: it can be
/// stopped, killed and started again. What its members ask for must succeed, else the test fails. One thread.
class running_server {
public:
    /// Each setting as for `--set`: "http.threads=1". `wrapper` is a command that runs it ("prlimit --fsize=1000000").
    explicit running_server(std::vector<std::string> settings = {}, std::vector<std::string> wrapper = {});

    /// Starts it on the same data; waits until it listens.
    void start();
    /// Asks it to end (SIGTERM), waits until it has; its exit status must be 0.
    void stop();
    /// Ends it at once (SIGKILL).
    void kill();
    void restart();

    /// From the next start on.
    void set_settings(std::vector<std::string> settings, std::vector<std::string> wrapper = {});

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    /// A connection that is kept until the server ends.
    [[nodiscard]] client& http();
    [[nodiscard]] support::process& process() { return *process_; }
    /// What it has logged since its last start.
    [[nodiscard]] std::string log() const { return process_->err(); }
    [[nodiscard]] std::filesystem::path database() const { return folder_ / "atrium.db"; }

    /// The e-mail address is made from the name.
    user create_user(std::string_view name);
    order place_order(std::string_view username, std::string_view product_name, std::int64_t quantity = 1);
    void rename(const user& u, std::string_view name);
    void remove(const user& u);
    void remove(const order& o);
    [[nodiscard]] user find(const user& u);
    [[nodiscard]] order find(const order& o);
    /// All of them, page by page.
    [[nodiscard]] std::vector<user> users();
    [[nodiscard]] std::vector<order> orders();
    /// Whether every event has reached everyone whom it concerns.
    [[nodiscard]] bool is_quiet();

private:
    std::vector<boost::json::value> all_of(std::string_view path);

    temporary_directory folder_;
    std::vector<std::string> settings_;
    std::vector<std::string> wrapper_;
    std::unique_ptr<support::process> process_;
    std::unique_ptr<client> http_;
    std::uint16_t port_ = 0;
};

} // namespace atrium::support
