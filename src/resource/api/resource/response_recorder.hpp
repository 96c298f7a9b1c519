#pragma once

#include <http/request.hpp>
#include <http/response.hpp>
#include <idempotency/keyed_routes.hpp>
#include <resource/effect_recorder.hpp>

#include <utility>

namespace atrium::resource {

/// Stores the response of a REST route, for a request with an Idempotency-Key. `respond` returns the response for an outcome;
/// it is called on the writer's thread. The handler of each request creates such an object in the frame of its coroutine:
///
///     const auto respond = [&](const shown_entity& order) { return http::changed_response(order.body, order.etag); };
///     response_recorder recorder{q, respond};
///     const auto changed = co_await service.change(id, reader, {}, {.recorder = recorder.find()});
template <class Respond>
class response_recorder final : public effect_recorder {
public:
    response_recorder(const http::request& q, Respond respond) : claim_{q.claim}, respond_{std::move(respond)} {}

    /// Returns the value for `call::recorder`: this object, or null if the request has no key.
    [[nodiscard]] effect_recorder* find() noexcept { return claim_ ? this : nullptr; }

    void record(storage::transaction& t, const shown_entity& outcome) override {
        idempotency::store_response(*claim_, t, respond_(outcome));
    }

private:
    idempotency::claim* claim_;
    Respond respond_;
};

} // namespace atrium::resource
