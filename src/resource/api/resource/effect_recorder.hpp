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
/// `call::recorder->record` on the writer's thread, at the end of the transaction that makes the change. If the writer repeats
/// the transaction, `record` is called again.
class effect_recorder {
public:
    virtual void record(storage::transaction& t, const shown_entity& outcome) = 0;

protected:
    ~effect_recorder() = default;
};

} // namespace atrium::resource
