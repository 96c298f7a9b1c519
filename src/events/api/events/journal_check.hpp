#pragma once

#include <span>
#include <string_view>

namespace atrium::events {

/// A statement about the rows of the journal that holds in every committed state.
struct journal_invariant {
    std::string_view name;    ///< of a violation: "sleeping key"
    std::string_view query;   ///< finds the rows that violate it; the first column describes the row
    std::string_view meaning; ///< one sentence: what a violation has as a consequence
    std::string_view mend;    ///< a statement that ends all violations if no server runs; empty if nothing can be done by SQL
    std::string_view advice;  ///< one sentence instead of a statement; empty if there is one
};

/// All invariants, for `atrium check`. The queries read whole tables.
[[nodiscard]] std::span<const journal_invariant> journal_invariants() noexcept;

} // namespace atrium::events
