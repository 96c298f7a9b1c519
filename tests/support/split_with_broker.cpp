#include <support/at_rest.hpp>
#include <support/split_with_broker.hpp>

#include <utility>

namespace atrium::support {

split_with_broker::split_with_broker(std::string vhost)
    : split_servers{{"bus.adapter=rabbitmq", "bus.rabbitmq.url=" + shared_broker().url(vhost)}}, vhost_{std::move(vhost)} {}

bool split_with_broker::is_quiet() {
    return is_at_rest([this] { return split_servers::is_quiet(); }, shared_broker(), vhost_);
}

} // namespace atrium::support
