#include "redelivery_proof.hpp"

#include "probe.hpp"
#include "topology.hpp"

#include <base/clock.hpp>
#include <base/ids.hpp>

#include <algorithm>
#include <utility>

namespace atrium::events::rabbitmq {
namespace {

connection_settings with_short_timeout(connection_settings s) {
    s.name += " proof";
    s.connect_timeout = std::min<std::chrono::milliseconds>(s.connect_timeout, redelivery_proof::patience);
    return s;
}

} // namespace

redelivery_proof::redelivery_proof(connection_settings settings, const std::string& exchange, const std::string& queue)
    : deadline_{clock::now() + patience}, connection_{with_short_timeout(std::move(settings)), wake_, guard_},
      probe_id_{make_uuid_v7(std::chrono::time_point_cast<timestamp::duration>(std::chrono::system_clock::now()))} {
    guard_.end_by(deadline_ + patience);
    connection_.set_prefetch(1);
    connection_.consume(queue, "proof");
    connection_.publish_aside(probe_exchange(exchange), queue, make_probe(probe_id_));
}

redelivery_proof::outcome redelivery_proof::poll() {
    while (const auto next = connection_.take())
        if (const auto* d = std::get_if<incoming::delivery>(&*next))
            if (const auto result = judge(*d); result != outcome::pending)
                return result;
    if (clock::now() < deadline_)
        return outcome::pending;
    return is_returned_ ? outcome::lost : outcome::unknown;
}

redelivery_proof::outcome redelivery_proof::judge(const incoming::delivery& d) {
    const bool is_ours = d.content.message_id == probe_id_;
    if (is_ours && !d.redelivered) {
        connection_.requeue(d.tag);
        is_returned_ = true;
        return outcome::pending;
    }
    connection_.acknowledge(d.tag);
    if (!is_ours)
        return outcome::pending;
    connection_.close();
    return outcome::kept;
}

void redelivery_proof::wait() {
    connection_.wait(std::chrono::milliseconds{50}, false);
}

} // namespace atrium::events::rabbitmq
