#include <access/principal_json.hpp>
#include <base/json_texts.hpp>

#include <chrono>

namespace atrium::access {

void show(json_writer& json, const principal& client) {
    json.begin_object().key("name").value(client.name()).key("scopes");
    write_texts(json, client.scopes()).key("expires");
    if (client.expires())
        json.value(std::chrono::floor<std::chrono::milliseconds>(*client.expires()));
    else
        json.null();
    json.end_object();
}

} // namespace atrium::access
