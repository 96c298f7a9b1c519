#pragma once

#include <graphql/field_call.hpp>
#include <idempotency/claim.hpp>
#include <resource/effect_recorder.hpp>

#include <string>

namespace atrium::resource {

/// Stores the outcome of one root field of a GraphQL mutation, for a request with an idempotency key. If the server is killed
/// before the mutation is complete, the repeated request does not execute this field again. `field` must outlive this object.
class field_recorder final : public effect_recorder {
public:
    explicit field_recorder(const graphql::field_call& field)
        : claim_{field.context.claim}, response_key_{field.response_key} {}

    /// The outcome of the field in an earlier run of the same request; null if the field has to run.
    [[nodiscard]] const idempotency::completed_field* find_outcome() const;

    /// Returns the value for `call::recorder`: this object, or null if the request has no key.
    [[nodiscard]] effect_recorder* find() noexcept { return claim_ ? this : nullptr; }

    void record(storage::transaction& t, const shown_entity& outcome) override;

private:
    idempotency::claim* claim_;
    std::string_view response_key_; ///< the key under which the claim stores the outcome of the field
};

} // namespace atrium::resource
