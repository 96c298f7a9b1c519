#include <http/method.hpp>
#include <operations/route_json.hpp>

namespace atrium::operations {

void show(json_writer& json, const http::route& r) {
    json.begin_object().key("method").value(http::name_of(r.method));
    json.key("path").value(r.pattern).key("summary").value(r.summary);
    json.key("access").value(r.requirement.text()).end_object();
}

http::named_schema route_schema() {
    return {.name = "Route", .json = R"({
    "type": "object",
    "properties": {
        "method": {"enum": ["GET", "POST", "PATCH", "DELETE"]},
        "path": {"type": "string"},
        "summary": {"type": "string"},
        "access": {"type": "string", "description": "open, authenticated, or the scope that clients need."}
    },
    "required": ["method", "path", "summary", "access"]
})"};
}

} // namespace atrium::operations
