#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::support {

/// The name and the value of each header.
using headers = std::vector<std::pair<std::string, std::string>>;

/// A response.
struct reply {
    int status = 0;
    support::headers headers;
    std::string body;

    /// The value of the header with this name, ignoring case; empty if there is no such header.
    [[nodiscard]] std::string header(std::string_view name) const;
    /// The body as JSON. Throws if it is not JSON.
    [[nodiscard]] boost::json::value json() const;
};

/// Sends requests and returns the responses. A derived class chooses the server: always the same one, or one for each request.
/// For one thread only.
class requester {
public:
    virtual ~requester() = default;

    reply get(std::string_view target, const headers& h = {}) { return send("GET", target, {}, h); }
    reply head(std::string_view target, const headers& h = {}) { return send("HEAD", target, {}, h); }
    reply options(std::string_view target, const headers& h = {}) { return send("OPTIONS", target, {}, h); }
    reply remove(std::string_view target, const headers& h = {}) { return send("DELETE", target, {}, h); }
    reply post(std::string_view target, const boost::json::value& body, const headers& h = {});
    reply patch(std::string_view target, const boost::json::value& body, const headers& h = {});
    reply post_form(std::string_view target, std::string_view form, const headers& h = {});

    /// Sends any request. Adds `Content-Length` if there is a body or if the method is POST or PATCH.
    virtual reply send(std::string_view method, std::string_view target, std::string_view body, const headers& h) = 0;
    reply send(std::string_view method, std::string_view target, std::string_view body) {
        return send(method, target, body, {});
    }

protected:
    requester() = default;
    requester(requester&&) = default;
    requester& operator=(requester&&) = default;
};

} // namespace atrium::support
