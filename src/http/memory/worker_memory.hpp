#pragma once

#include <http/memory_budget.hpp>

namespace atrium::http {

/// The access of one worker and its connections to the memory budget, only on that worker's thread. The budget must outlive
/// this object.
struct worker_memory {
    explicit worker_memory(memory_budget& all) noexcept
        : budget{all}, incoming{all.share(memory_use::incoming)}, responses{all.share(memory_use::responses)} {}

    memory_budget& budget;
    memory_account incoming;
    memory_account responses;
};

} // namespace atrium::http
