#include "remote_module.hpp"

#include <resource/graphql.hpp>

namespace atrium::users {

remote_module::remote_module(host::remote_context c)
    : client_{{.name = "users", .url = http::parse_base_url(c.url).value(), .trust = c.trust}, c.time, c.metrics, c.log},
      directory_{client_, c.url_setting, c.token, c.log} {}

void remote_module::add_types(graphql::schema_builder& builder) {
    resource::add_object(builder, account_entity, directory_);
}

void remote_module::show(json_writer& writer) const {
    const auto state = client_.state();
    writer.begin_object().key("ready").value(!state.failing_since).key("url").value(client_.url().text);
    if (state.last_answer)
        writer.key("last_answer").value(*state.last_answer);
    if (state.failing_since)
        writer.key("failing_since").value(*state.failing_since).key("reason").value(state.reason);
    writer.end_object();
}

} // namespace atrium::users
