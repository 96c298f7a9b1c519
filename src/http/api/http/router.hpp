#pragma once

#include <base/awaitable.hpp>
#include <http/request.hpp>
#include <http/response.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::http {

/// Answers one request. Called on the thread of the connection's worker; the request outlives the coroutine. An exception
/// becomes a 500 with the request id, and its details are logged.
using handler = std::function<awaitable<response>(const request&)>;

/// Whether the header of a request is enough to refuse it. Called while a client waits for permission to send the body
/// (`Expect: 100-continue`). It is not called for every request, so the handler must not rely on it.
using early_check = result<> (*)(const request&);

/// One route of the table.
struct route {
    verb method;
    std::string pattern; ///< "/users/{id}"
    std::string summary; ///< "Show a user"
    http::handler handler;
    early_check check_early = nullptr;
    bool is_vital = false; ///< answered even while memory or time is short: for supervisors and operators
};

/// Maps method and path to a handler. Paths match with and without a trailing slash; `{name}` stands for one segment. HEAD uses
/// the handler of GET; OPTIONS and 405 are answered from the table with `Allow`. Filled before the server starts, then only
/// read, by any thread.
class router {
public:
    router();
    ~router();
    router(router&&) noexcept;
    router& operator=(router&&) noexcept;

    /// Each throws std::logic_error if the route exists already.
    void get(std::string pattern, std::string summary, handler h);
    /// Like `get`, for a vital route. Its responses must be small.
    void get_vital(std::string pattern, std::string summary, handler h);
    void post(std::string pattern, std::string summary, handler h, early_check early = nullptr);
    void patch(std::string pattern, std::string summary, handler h, early_check early = nullptr);
    void remove(std::string pattern, std::string summary, handler h); ///< DELETE

    [[nodiscard]] const std::vector<route>& routes() const noexcept;

    /// The result of looking up a request.
    struct match {
        const route* found = nullptr;           ///< null: `status` is the reason
        http::status status = http::status::ok; ///< not_found, method_not_allowed, or no_content for OPTIONS
        std::string_view allow = {};            ///< the path's methods: "GET, HEAD, OPTIONS, POST"
        std::string_view pattern = {};          ///< for metrics: the pattern that the path matches, empty if there is none
    };
    /// Fills `q.parameters` if a route matches.
    [[nodiscard]] match find(request& q) const;

private:
    struct node;
    void add(route r);
    std::vector<route> routes_;
    std::unique_ptr<node> root_;
};

} // namespace atrium::http
