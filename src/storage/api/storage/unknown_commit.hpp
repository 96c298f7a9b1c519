#pragma once

#include <base/unknown_outcome.hpp>
#include <storage/store.hpp>

namespace atrium::storage {

/// A commit failed, or its file went away meanwhile, so that it is not known whether the change is kept. Thrown by
/// `store::write`; no fault of the function that ran.
class unknown_commit : public failure, public unknown_outcome {
public:
    using failure::failure;
};

} // namespace atrium::storage
