#pragma once

#include <base/awaitable.hpp>
#include <host/module.hpp>
#include <http/router.hpp>

#include <span>
#include <string>
#include <string_view>

namespace atrium::api_description {

/// The routes /openapi.json and /asyncapi.json, and /docs if this program contains its page. Must outlive the server that uses
/// the router. The handlers run on any worker.
class documents {
public:
    void add_routes(http::router& router);

    /// Renders both documents. Call it once, after all routes have been added and described. Throws std::logic_error if a route
    /// is not described: see `render_openapi`.
    void render(const http::router& router, std::span<const host::description* const> modules, std::string_view version);

private:
    struct document {
        std::string text;
        std::string etag;
    };
    [[nodiscard]] static document make_document(std::string text);
    [[nodiscard]] static http::response show(const http::request& q, const document& d);

    document openapi_;
    document asyncapi_;
};

} // namespace atrium::api_description
