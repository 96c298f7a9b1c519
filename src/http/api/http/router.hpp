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

/// Answers one request. Called on the worker of its connection; the request outlives the coroutine. What it throws becomes a
/// 500 with the request id, the details go to the log.
using handler = std::function<awaitable<response>(const request&)>;

/// Whether the head of a request alone, without its body, shows that it will be refused. Called while a client waits for leave
/// to send the body (`Expect: 100-continue`): the handler does not rely on it.
using early_check = result<> (*)(const request&);

/// One line of the table: what the API documents are made from.
struct route {
    verb method;
    std::string pattern; ///< "/users/{id}"
    std::string summary; ///< "Show a user"
    http::handler handler;
    early_check check_early = nullptr;
    bool is_vital = false; ///< answered also while memory or time is short: what supervisors and operators look at
};

/// Method and path to handler. Paths match with and without a trailing slash; `{name}` stands for one segment. GET serves HEAD
/// too, OPTIONS and 405 are answered from the table with `Allow`. Filled before the server starts, then only read, by any
/// thread.
class router {
public:
    router();
    ~router();
    router(router&&) noexcept;
    router& operator=(router&&) noexcept;

    /// Each throws std::logic_error for a route that is there already.
    void get(std::string pattern, std::string summary, handler h);
    /// As `get`, for a vital route, whose responses are small.
    void get_vital(std::string pattern, std::string summary, handler h);
    void post(std::string pattern, std::string summary, handler h, early_check early = nullptr);
    void patch(std::string pattern, std::string summary, handler h, early_check early = nullptr);
    void remove(std::string pattern, std::string summary, handler h); ///< DELETE

    [[nodiscard]] const std::vector<route>& routes() const noexcept;

    /// What answers a request.
    struct match {
        const route* found = nullptr;           ///< null: `status` says why
        http::status status = http::status::ok; ///< not_found, method_not_allowed, or no_content for OPTIONS
        std::string_view allow = {};            ///< the path's methods: "GET, HEAD, OPTIONS, POST"
        std::string_view pattern = {};          ///< for metrics: the pattern of the path, empty where it is unknown
    };
    /// Fills `q.parameters` where a route is found.
    [[nodiscard]] match find(request& q) const;

private:
    struct node;
    void add(route r);
    std::vector<route> routes_;
    std::unique_ptr<node> root_;
};

} // namespace atrium::http
