#include <resource/field_recorder.hpp>

namespace atrium::resource {

const idempotency::completed_field* field_recorder::find_outcome() const {
    return claim_ ? claim_->find_field(response_key_) : nullptr;
}

void field_recorder::record(storage::transaction& t, const shown_entity& outcome) {
    claim_->store_field(t, response_key_, {.id = outcome.id, .body = outcome.body});
}

} // namespace atrium::resource
