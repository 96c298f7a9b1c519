#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::support {

/// Name and value of each header to send.
using headers = std::vector<std::pair<std::string, std::string>>;

/// What a server answered.
struct reply {
    int status = 0;
    support::headers headers;
    std::string body;

    /// The value of a header, without regard to case; empty where there is none.
    [[nodiscard]] std::string header(std::string_view name) const;
    /// The body as JSON. Throws where it is none.
    [[nodiscard]] boost::json::value json() const;
};

/// Takes requests to a server, or to one of several, and brings the answers back. One thread.
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

    /// Any request. `Content-Length` is set where the body is not empty, or `h` says nothing else.
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
