#include <access/principal_json.hpp>

#include <chrono>

namespace atrium::access {

void show(json_writer& json, const principal& who) {
    json.begin_object().key("name").value(who.name()).key("scopes").begin_array();
    for (const auto& scope : who.scopes())
        json.value(scope);
    json.end_array().key("expires");
    if (who.expires())
        json.value(std::chrono::floor<std::chrono::milliseconds>(*who.expires()));
    else
        json.null();
    json.end_object();
}

} // namespace atrium::access
