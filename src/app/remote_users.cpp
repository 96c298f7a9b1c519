#include "remote_users.hpp"

namespace atrium::app {

remote_users::remote_users(const std::string& url, const clock& time, metrics::registry& metrics, const logger& log)
    : client_{{.name = "users", .url = http::parse_base_url(url).value()}, time, metrics, log}, directory_{client_, log} {}

void remote_users::show(json_writer& to) const {
    const auto state = client_.state();
    to.begin_object().key("ready").value(!state.failing_since).key("url").value(client_.url().text);
    if (state.last_answer)
        to.key("last_answer").value(*state.last_answer);
    if (state.failing_since)
        to.key("failing_since").value(*state.failing_since);
    to.end_object();
}

} // namespace atrium::app
