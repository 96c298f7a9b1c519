#pragma once

#include <optional>
#include <string>

namespace atrium::event_commands {

/// Lets the user edit a text in the program that $VISUAL names, otherwise $EDITOR, and in vi if neither is set. Returns the
/// edited text. Prints an error and returns nothing if the program fails.
[[nodiscard]] std::optional<std::string> edit_in_editor(const std::string& text);

} // namespace atrium::event_commands
