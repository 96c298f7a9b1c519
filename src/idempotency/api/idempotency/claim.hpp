#pragma once

#include <base/awaitable.hpp>
#include <idempotency/request_key.hpp>
#include <storage/sql.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::idempotency {

struct shared_state;

/// The response to an earlier request.
struct stored_response {
    unsigned status = 200;
    std::string headers = {}; ///< lines "Name: value", each with a line feed at the end
    std::string body = {};
};

/// The outcome of a root field of a GraphQL mutation.
struct completed_field {
    std::int64_t id = 0;   ///< the id of the entity
    std::string body = {}; ///< the entity as JSON; empty if it was deleted
};

/// The fields of a mutation that are complete, by their response keys.
using completed_fields = std::map<std::string, completed_field, std::less<>>;

/// The right of one request to run under its key, from the arrival of the request to its end. No other request with the same
/// key runs in the meantime. A claim is made by `key_store::claim_key`. The `key_store` must outlive the claim.
///
/// The functions that take a transaction run on the writer's thread, while the request's coroutine waits for them; they may run
/// again if the transaction is repeated. All other functions are for the thread of the request.
class claim {
public:
    claim(std::shared_ptr<shared_state> s, request_key key);
    ~claim();
    claim(const claim&) = delete;
    claim& operator=(const claim&) = delete;

    /// The stored response, if the same request was sent before; null if the request has to run.
    [[nodiscard]] const stored_response* find_response() const noexcept { return response_ ? &*response_ : nullptr; }

    /// The outcome of a field that an earlier, incomplete run of the mutation has completed; null if the field has to run.
    [[nodiscard]] const completed_field* find_field(std::string_view field) const;

    /// Stores the response of this request. Call it after the effect of the request, in the same transaction, so that both are
    /// kept or lost together.
    void store(storage::transaction& t, const stored_response& response);

    /// Stores the outcome of one field of a mutation; see `store`.
    void store_field(storage::transaction& t, std::string_view field, const completed_field& outcome);

    /// Stores the response in a transaction of its own, for a request whose effects are already stored. A failure is only
    /// logged: the request then runs again if the client repeats it.
    awaitable<> store_alone(stored_response response);

    /// Whether `store` has been called.
    [[nodiscard]] bool is_stored() const noexcept { return is_stored_; }

private:
    friend class key_store;

    std::shared_ptr<shared_state> state_;
    const request_key key_;
    std::optional<stored_response> response_;
    completed_fields fields_;
    bool has_fields_ = false; ///< whether the table may have outcomes of fields for this key
    bool is_stored_ = false;
};

} // namespace atrium::idempotency
