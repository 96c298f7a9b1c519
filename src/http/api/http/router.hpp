#pragma once

#include <access/requirement.hpp>
#include <base/awaitable.hpp>
#include <http/operation.hpp>
#include <http/request.hpp>
#include <http/response.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::http {

/// Answers one request. Called on the thread of the connection's worker; the request outlives the coroutine. An exception
/// becomes a 500 with the request id, and its details are logged.
using handler = std::function<awaitable<response>(const request&)>;

/// Checks whether the header of a request is a reason to refuse the request; if so, the error becomes the response. Called
/// before the server receives a body that is large, or for which the client waits for permission (`Expect: 100-continue`). It
/// is not called for every request, so the handler must not rely on it.
using early_check = result<> (*)(const request&);

struct route;

/// Decides whether the sender of a request may use a route, and sets `request::principal`. Called before the handler, and also
/// before a large body is received, on the thread of the connection's worker. Returns the response that refuses the request, or
/// empty if the request is admitted.
using authorization = std::function<awaitable<std::optional<response>>(request&, const route&)>;

/// One route of the table.
struct route {
    verb method;
    std::string pattern; ///< "/users/{id}"
    std::string summary; ///< "Show a user"
    http::handler handler;
    early_check check_early = nullptr;
    bool is_vital = false; ///< for supervisors and operators: served even while memory or processor time is scarce
    access::requirement requirement = {}; ///< the requirement that its clients must meet
    http::operation operation = {};       ///< describes its requests and responses
};

/// Sets properties of a route that has just been added. Valid until the next route is added.
class route_options {
public:
    explicit route_options(route& r) : route_{r} {}

    /// Clients need this scope, such as "users:read". Throws std::logic_error if the text is not a scope.
    route_options& scope(std::string name);
    /// Clients need a valid credential. The handler decides what they may do.
    route_options& any_principal();
    /// Clients need no credential.
    route_options& open();
    /// Describes the requests and responses of the route. The server does not start if a route has no description.
    route_options& describe(http::operation o);

private:
    route& route_;
};

/// Maps method and path to a handler. Paths match with and without a trailing slash; `{name}` stands for one segment, and
/// `{name...}` at the end for one or more. HEAD uses the handler of GET. The responses to OPTIONS, and to methods that a path
/// does not support (405), come from this table and include `Allow`. The router is filled before the server starts. After that
/// it is only read, on any thread.
class router {
public:
    router();
    ~router();
    router(router&&) noexcept;
    router& operator=(router&&) noexcept;

    /// Each of these functions throws std::logic_error if the route exists already, if the pattern does not begin with a
    /// slash, or if segments follow `{name...}`.
    route_options get(std::string pattern, std::string summary, handler h);
    /// Like `get`, for a vital route. Its responses must be small.
    route_options get_vital(std::string pattern, std::string summary, handler h);
    route_options post(std::string pattern, std::string summary, handler h, early_check early = nullptr);
    route_options patch(std::string pattern, std::string summary, handler h, early_check early = nullptr);
    route_options remove(std::string pattern, std::string summary, handler h); ///< DELETE

    [[nodiscard]] const std::vector<route>& routes() const noexcept;

    /// Sets the function that decides about each request. Without it, every request is allowed. Throws std::logic_error if a
    /// route does not declare its requirement.
    void set_authorization(authorization decide);
    [[nodiscard]] const authorization& get_authorization() const noexcept { return authorization_; }

    /// Replaces the handler of each route that was added so far with a new handler, the result of `wrap`. The new handler may
    /// call the old one, `h`. If the new handler accepts or returns more than the old one, `wrap` must add this to the route's
    /// description.
    void wrap_handlers(const std::function<handler(route& r, handler h)>& wrap);

    /// The result of looking up a request.
    struct match {
        const route* found = nullptr;           ///< null if no route was found; `status` is then the reason
        http::status status = http::status::ok; ///< not_found, method_not_allowed, or no_content for OPTIONS
        std::string_view allow = {};            ///< the path's methods: "GET, HEAD, OPTIONS, POST"
        std::string_view pattern = {};          ///< for metrics: the pattern that the path matches; empty if there is none
    };
    /// Looks up the route of a request. Fills `q.parameters` if a route matches.
    [[nodiscard]] match find(request& q) const;

private:
    struct node;
    route_options add(route r);
    std::vector<route> routes_;
    std::unique_ptr<node> root_;
    authorization authorization_;
};

} // namespace atrium::http
