#pragma once

#include <string_view>

namespace atrium::events {

/// A change that must be made in a copy of the database before a server uses it, if the copy has this table.
struct change_of_copy {
    std::string_view table;
    std::string_view statement;
};

/// Removes the publisher's identity from a copy of the journal. A server that starts with the copy then gets a new one:
/// receivers may have received other events from the original, with the numbers that the copy would assign next.
[[nodiscard]] change_of_copy journal_change_of_copy() noexcept;

} // namespace atrium::events
