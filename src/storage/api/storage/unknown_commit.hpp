#pragma once

#include <base/unknown_outcome.hpp>
#include <storage/store.hpp>

namespace atrium::storage {

/// A commit failed, or the database file disappeared during it, so it is unknown whether the change was stored. Thrown by
/// `store::write`; the cause is not the function that was passed to it.
class unknown_commit : public failure, public unknown_outcome {
public:
    using failure::failure;
};

} // namespace atrium::storage
