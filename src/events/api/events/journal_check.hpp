#pragma once

#include <span>
#include <string_view>

namespace atrium::events {

/// A condition that the rows of the journal meet in every committed state.
struct journal_invariant {
    std::string_view name;    ///< the name of a violation: "sleeping key"
    std::string_view query;   ///< finds the rows that violate it; the first column describes the row
    std::string_view meaning; ///< one sentence that describes the consequence of a violation
    std::string_view repair;  ///< SQL that repairs all violations while no server is running; empty if SQL cannot repair them
    std::string_view advice;  ///< what an operator should do if `repair` is empty; otherwise empty
};

/// All invariants, for `atrium check`. The queries read whole tables.
[[nodiscard]] std::span<const journal_invariant> journal_invariants() noexcept;

} // namespace atrium::events
