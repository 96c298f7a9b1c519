#include "messages/shown_target.hpp"

#include <access/principal.hpp>
#include <http/recent_requests.hpp>

#include <algorithm>

namespace atrium::http {

void recent_requests::record(const exchange& e) {
    const auto seq = last_seq_.fetch_add(1, std::memory_order_relaxed) + 1;
    const std::lock_guard lock{lock_of(seq)};
    auto& place = place_of(seq);
    if (place.seq > seq) // this thread was interrupted for so long that a later request has taken the place
        return;
    place.seq = seq;
    place.began = e.began;
    place.method = e.q.method;
    place.target.clear();
    append_shown_target(place.target, e.q.target.substr(0, max_target));
    place.target.resize(std::min(place.target.size(), max_target)); // "(hidden)" can be longer than the secret
    place.route = e.route;
    place.status = e.status;
    place.duration = e.duration;
    place.body_bytes = e.body_bytes;
    place.request_id.assign(e.q.request_id);
    place.traceparent.assign(e.q.traceparent);
    place.principal.assign(e.q.principal ? e.q.principal->name() : std::string_view{});
    place.is_of_console = e.q.headers.get("Atrium-Client") == "console";
    place.address = e.q.client_address;
}

void recent_requests::visit(std::uint64_t before, const std::function<bool(const recorded_request&)>& look) {
    const auto last = last_seq_.load(std::memory_order_relaxed);
    const auto last_replaced = last > capacity ? last - capacity : 0; // later requests are still in their places
    for (auto seq = before == 0 || before > last ? last : before - 1; seq > last_replaced; --seq) {
        const std::lock_guard lock{lock_of(seq)};
        const auto& place = place_of(seq);
        if (place.seq == seq && !look(place))
            return;
    }
}

} // namespace atrium::http
