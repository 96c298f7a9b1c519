#include "remote_module.hpp"

#include <resource/graphql.hpp>

namespace atrium::users {

remote_module::remote_module(host::remote_context c)
    : client_{{.name = "users", .url = http::parse_base_url(c.url).value()}, c.time, c.metrics, c.log},
      directory_{client_, c.url_setting, c.log} {}

void remote_module::add_types(graphql::schema_builder& to) {
    resource::add_object(to, account_entity, directory_);
}

void remote_module::show(json_writer& to) const {
    const auto state = client_.state();
    to.begin_object().key("ready").value(!state.failing_since).key("url").value(client_.url().text);
    if (state.last_answer)
        to.key("last_answer").value(*state.last_answer);
    if (state.failing_since)
        to.key("failing_since").value(*state.failing_since);
    to.end_object();
}

} // namespace atrium::users
