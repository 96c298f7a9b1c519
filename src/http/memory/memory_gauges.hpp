#pragma once

#include <http/memory_budget.hpp>
#include <metrics/registry.hpp>

#include <memory>

namespace atrium::http {

/// Publishes the budget in /metrics: the limit, the memory for each purpose, the number of waiting claims, and how often memory
/// was refused.
void show_memory(metrics::registry& metrics, const std::shared_ptr<const memory_budget>& budget);

} // namespace atrium::http
