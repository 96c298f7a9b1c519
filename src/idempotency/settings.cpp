#include <config/schema.hpp>
#include <idempotency/settings.hpp>

namespace atrium::idempotency {

using namespace std::chrono_literals;

void declare(config::schema& schema, settings& settings) {
    auto& [age, count] = settings; // lists all members, so that none can be forgotten
    schema.section("idempotency", "Responses to requests with an Idempotency-Key, which are kept for clients that repeat a "
                                  "request.");
    schema.duration("idempotency.age", age, 1s, 24h * 3650, "Age at which a key and its response are removed.");
    schema.integer("idempotency.count", count, 1, 1'000'000'000'000,
                   "Maximum number of keys to keep; the oldest are removed first, whatever their age.");
}

} // namespace atrium::idempotency
