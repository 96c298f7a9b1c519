#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The clients that send requests, and what they may do.
namespace atrium::access {

/// The scope that includes all others.
inline constexpr std::string_view admin = "admin";

/// Whether a text has the form of a scope: "admin", or two lower-case words separated by a colon, such as "users:read".
[[nodiscard]] bool is_scope(std::string_view text) noexcept;

/// Reads scopes separated by one or more spaces, as in the claim `scope` of a JWT (RFC 8693, section 4.2). Texts that are
/// not scopes are left out, because they are meant for other services.
[[nodiscard]] std::vector<std::string> read_scopes(std::string_view text);

/// Records whether a credential was revoked, which can happen while requests and streams use it. The credential and all
/// principals that it has authenticated share one object. Any thread.
class validity {
public:
    [[nodiscard]] bool is_revoked() const noexcept { return is_revoked_.load(std::memory_order_relaxed); }
    void revoke() noexcept { is_revoked_.store(true, std::memory_order_relaxed); }

private:
    std::atomic<bool> is_revoked_ = false;
};

/// A person or program that has presented a valid credential, and what it may do. Does not change after construction, so any
/// thread may use it. Requests, streams and WebSockets keep it alive.
class principal {
public:
    using time_point = std::chrono::system_clock::time_point;

    /// @param name unique among all principals, such as "token:ci" or "jwt:alice"; not empty
    /// @param expires when the credential expires; empty if it never does
    /// @param shared_validity null if the credential cannot be revoked
    principal(std::string name, std::vector<std::string> scopes, std::optional<time_point> expires = {},
              std::shared_ptr<const validity> shared_validity = {});

    /// The principal of all requests while `auth.mode` is "none". It is named "anonymous" and may do everything.
    [[nodiscard]] static const std::shared_ptr<const principal>& anonymous();

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] const std::vector<std::string>& scopes() const noexcept { return scopes_; } ///< sorted, without duplicates
    [[nodiscard]] const std::optional<time_point>& expires() const noexcept { return expires_; }

    /// Whether it has the scope, or `admin`.
    [[nodiscard]] bool has(std::string_view scope) const noexcept;

    /// Whether its credential has neither expired nor been revoked.
    [[nodiscard]] bool is_valid(time_point now) const noexcept;
    /// Like `is_valid(now)`, at the current time. The clock is read only if the credential expires.
    [[nodiscard]] bool is_valid() const noexcept;

private:
    std::string name_;
    std::vector<std::string> scopes_;
    bool is_admin_;
    std::optional<time_point> expires_;
    std::shared_ptr<const validity> validity_;
};

/// The name of a client for log lines, stored rows and idempotency keys. It is "anonymous" if `client` is null, that is, if
/// nothing is known about the client.
[[nodiscard]] std::string_view name_of(const principal* client) noexcept;

} // namespace atrium::access
