#include <support/requester.hpp>

#include <boost/beast/core/string.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace atrium::support {
namespace {

headers with_type(headers h, std::string_view type) {
    h.emplace_back("Content-Type", type);
    return h;
}

} // namespace

std::string reply::header(std::string_view name) const {
    const auto found =
        std::find_if(headers.begin(), headers.end(), [&](const auto& h) { return boost::beast::iequals(h.first, name); });
    return found == headers.end() ? std::string{} : found->second;
}

boost::json::value reply::json() const {
    return boost::json::parse(body);
}

reply requester::post(std::string_view target, const boost::json::value& body, const headers& h) {
    return send("POST", target, boost::json::serialize(body), with_type(h, "application/json"));
}

reply requester::patch(std::string_view target, const boost::json::value& body, const headers& h) {
    return send("PATCH", target, boost::json::serialize(body), with_type(h, "application/json"));
}

reply requester::post_form(std::string_view target, std::string_view form, const headers& h) {
    return send("POST", target, form, with_type(h, "application/x-www-form-urlencoded"));
}

} // namespace atrium::support
