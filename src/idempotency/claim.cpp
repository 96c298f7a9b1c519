#include "request_table.hpp"
#include "shared_state.hpp"

#include <idempotency/claim.hpp>
#include <idempotency/key_store.hpp>

#include <algorithm>
#include <utility>

namespace atrium::idempotency {
namespace {

/// Max number of keys that a request removes when it stores its own. It is more than one, so that the number of keys decreases
/// after the configured limit was lowered.
constexpr std::int64_t max_removed = 2;

/// Removes the oldest keys if there are too many, and updates the gauge.
void limit_count(shared_state& s, storage::transaction& t) {
    auto count = table::count_requests(t);
    if (const auto surplus = std::min(count - s.max_count, max_removed); surplus > 0) {
        table::remove_oldest(t, surplus);
        count -= surplus;
    }
    s.key_count.set(static_cast<double>(count));
}

} // namespace

claim::claim(std::shared_ptr<shared_state> s, request_key key) : state_{std::move(s)}, key_{std::move(key)} {}

claim::~claim() {
    state_->end(key_);
}

const completed_field* claim::find_field(std::string_view field) const {
    const auto found = fields_.find(field);
    return found == fields_.end() ? nullptr : &found->second;
}

void claim::store(storage::transaction& t, const stored_response& response) {
    const storage::acting_as as{t, owner};
    table::insert_response(t, key_, response, state_->time.now());
    if (has_fields_)
        table::remove_fields(t, key_);
    limit_count(*state_, t);
    is_stored_ = true;
}

void claim::store_field(storage::transaction& t, std::string_view field, const completed_field& outcome) {
    const storage::acting_as as{t, owner};
    table::insert_field(t, key_, field, outcome, state_->time.now());
    limit_count(*state_, t);
    has_fields_ = true;
}

awaitable<> claim::store_alone(stored_response response) {
    std::string failure;
    try {
        const auto stored = co_await state_->store.write(
            [&](storage::transaction& t) -> result<> {
                store(t, response);
                return {};
            },
            storage::write_priority::internal); // internal, because the request was accepted and its effects are stored
        if (stored)
            co_return;
        failure = stored.error().detail;
    } catch (const storage::failure& broken) {
        failure = broken.what();
    }
    state_->log.warning("the response to a request with an idempotency key could not be stored", {{"reason", failure}});
}

} // namespace atrium::idempotency
