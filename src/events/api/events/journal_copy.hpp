#pragma once

#include <string_view>

namespace atrium::events {

/// A statement that must be executed in a copy of the database before a server uses the copy, if the copy has this table.
struct change_of_copy {
    std::string_view table;
    std::string_view statement;
};

/// Removes the publisher's identity from a copy of the journal, so that a server that starts with the copy gets a new identity.
/// Under the old one, it would give its next events delivery numbers under which receivers may already have received other
/// events from the original.
[[nodiscard]] change_of_copy journal_change_of_copy() noexcept;

} // namespace atrium::events
