#pragma once

#include <http/memory_budget.hpp>

namespace atrium::http {

/// Gives one worker and its connections access to the memory budget. It may be used only on the worker's thread. The budget
/// must outlive this object.
struct worker_memory {
    explicit worker_memory(memory_budget& shared) noexcept
        : budget{shared}, incoming{shared.share(memory_use::incoming)}, responses{shared.share(memory_use::responses)} {}

    memory_budget& budget;
    memory_account incoming;
    memory_account responses;
};

} // namespace atrium::http
