#include <access/principal_json.hpp>
#include <base/json_texts.hpp>

#include <chrono>

namespace atrium::access {

void show(json_writer& json, const principal& who) {
    json.begin_object().key("name").value(who.name()).key("scopes");
    write_texts(json, who.scopes()).key("expires");
    if (who.expires())
        json.value(std::chrono::floor<std::chrono::milliseconds>(*who.expires()));
    else
        json.null();
    json.end_object();
}

} // namespace atrium::access
