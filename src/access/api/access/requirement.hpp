#pragma once

#include <access/principal.hpp>
#include <base/error.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace atrium::access {

/// What a route or a field requires of its clients. It is declared beside the route or field. The server does not start if a
/// declaration is missing.
class requirement {
public:
    /// An undeclared requirement, which no client meets.
    requirement() = default;

    /// Every client may use the route or field, without a credential: for health checks, and for pages on which people sign in.
    [[nodiscard]] static requirement nothing() { return requirement{kind::nothing, {}}; }

    /// Every client with a valid credential may use the route or field. Later checks decide what the principal may do, for
    /// example for each field of GraphQL.
    [[nodiscard]] static requirement any_principal() { return requirement{kind::any_principal, {}}; }

    /// Only clients that have the scope `name`, such as "users:read", may use the route or field. Throws std::logic_error if
    /// `name` is not a scope.
    [[nodiscard]] static requirement for_scope(std::string name);

    [[nodiscard]] bool is_declared() const noexcept { return kind_ != kind::undeclared; }
    [[nodiscard]] bool is_open() const noexcept { return kind_ == kind::nothing; }
    [[nodiscard]] const std::string& scope() const noexcept { return scope_; } ///< empty unless a scope is required

    /// "undeclared", "open", "authenticated", or the scope; for people and for the index of routes.
    [[nodiscard]] std::string_view text() const noexcept;

    friend bool operator==(const requirement&, const requirement&) = default;

private:
    enum class kind { undeclared, nothing, any_principal, scope };
    requirement(kind k, std::string scope) : kind_{k}, scope_{std::move(scope)} {}

    kind kind_ = kind::undeclared;
    std::string scope_{};
};

/// Decides whether a principal meets a requirement. This is the only place where this is decided.
/// @param client null if the client has presented no valid credential
/// Errors: unauthenticated; forbidden, with a detail that names the missing scope. No client meets an undeclared requirement.
[[nodiscard]] result<> check(const principal* client, const requirement& required);

} // namespace atrium::access
