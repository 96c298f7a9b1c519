#pragma once

#include <string_view>

namespace atrium::events {

/// A statement that must be executed in a copy of the database before a server uses the copy, if the copy has this table.
struct change_of_copy {
    std::string_view table;
    std::string_view statement;
};

/// Removes the publisher's identity from a copy of the journal, so that a server that starts with the copy gets a new identity.
/// With the old identity, the server would give its next events delivery numbers that the original database may already have
/// given to other events, so receivers could not notice the loss of one of the new events.
[[nodiscard]] change_of_copy journal_change_of_copy() noexcept;

} // namespace atrium::events
