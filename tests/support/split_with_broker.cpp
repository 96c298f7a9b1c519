#include <support/at_rest.hpp>
#include <support/split_with_broker.hpp>

#include <utility>

namespace atrium::support {
namespace {

std::vector<std::string> with_broker(std::vector<std::string> settings, const std::string& vhost) {
    settings.insert(settings.end(), {"bus.adapter=rabbitmq", "bus.rabbitmq.url=" + shared_broker().url(vhost)});
    return settings;
}

} // namespace

split_with_broker::split_with_broker(std::vector<std::string> settings, std::string vhost)
    : split_servers{with_broker(std::move(settings), vhost)}, vhost_{std::move(vhost)} {}

bool split_with_broker::is_quiet() {
    return is_at_rest([this] { return split_servers::is_quiet(); }, shared_broker(), vhost_);
}

} // namespace atrium::support
