#pragma once

#include <storage/sql.hpp>

#include <cstdint>
#include <string>

namespace atrium::resource {

/// An entity in the form in which REST shows it.
struct shown_entity {
    std::string body = {}; ///< JSON; empty if the entity was deleted
    std::string etag = {};
    std::int64_t id = 0;
};

/// Stores the outcome of a request, so that the client can repeat the request without repeating its effect. A service calls
/// `record` of the recorder in `call::recorder` at the end of the transaction that has the effect, on the writer's thread. If
/// the transaction is repeated, `record` is called again.
class effect_recorder {
public:
    virtual void record(storage::transaction& t, const shown_entity& outcome) = 0;

protected:
    ~effect_recorder() = default;
};

} // namespace atrium::resource
