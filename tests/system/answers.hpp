#pragma once

#include <support/catch.hpp>
#include <support/client.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace atrium::support {

/// Checks that the response is problem details (RFC 9457) with this status and the request's id. Returns the errors in the
/// response as lines, such as "/email: must be an email address" or "limit: must be an integer".
inline std::string faults_of(const reply& answer, int status) {
    INFO("answer: " << answer.body);
    REQUIRE(answer.status == status);
    REQUIRE(answer.header("Content-Type") == "application/problem+json");
    const auto body = answer.json().as_object();
    CHECK(body.at("type") == "about:blank");
    CHECK(body.at("status") == status);
    CHECK_FALSE(body.at("title").as_string().empty());
    CHECK(body.at("instance").as_string() == answer.header("X-Request-Id"));

    std::string lines;
    if (const auto* errors = body.if_contains("errors"))
        for (const auto& each : errors->as_array()) {
            const auto& fault = each.as_object();
            const auto& location = fault.contains("pointer") ? fault.at("pointer") : fault.at("parameter");
            lines.append(location.as_string()).append(": ").append(fault.at("detail").as_string()).append("\n");
        }
    return lines;
}

/// Like `faults_of`, for problem details without errors of fields.
inline void check_problem(const reply& answer, int status) {
    CHECK(faults_of(answer, status).empty());
}

/// The ids on a page, in order: "1 2 3 ".
inline std::string ids_of(const reply& page) {
    INFO("answer: " << page.body);
    REQUIRE(page.status == 200);
    const auto rows = page.json();
    std::string ids;
    for (const auto& each : rows.as_array())
        ids += std::to_string(each.at("id").as_int64()) + " ";
    return ids;
}

/// The names of an object's members, in order.
inline std::string members_of(const boost::json::value& object) {
    std::string names;
    for (const auto& member : object.as_object())
        names.append(names.empty() ? "" : " ").append(member.key());
    return names;
}

/// Whether an object has members with these names, separated by blanks, in this order. Other members may stand between them,
/// because only the golden tests of the modules compare every byte.
inline bool has_members(const boost::json::value& object, std::string_view names) {
    for (const auto& member : object.as_object()) {
        const auto end = std::min(names.find(' '), names.size());
        if (member.key() == names.substr(0, end))
            names.remove_prefix(std::min(end + 1, names.size()));
    }
    return names.empty();
}

} // namespace atrium::support
