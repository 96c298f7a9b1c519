#pragma once

#include "session.hpp"

/// The commands. Each returns the exit status of the program.
namespace atrium::event_commands {

[[nodiscard]] int list_events(const session& s);
[[nodiscard]] int show_event(const session& s);
[[nodiscard]] int follow_events(const session& s);
[[nodiscard]] int list_subscriptions(const session& s);
[[nodiscard]] int list_dead_letters(const session& s);

[[nodiscard]] int set_paused(const session& s);
[[nodiscard]] int publish(const session& s);
[[nodiscard]] int drain(const session& s);
[[nodiscard]] int edit(const session& s);

/// Runs `retry`, `discard`, `replay` or `resend`.
[[nodiscard]] int run_bulk(const session& s);
[[nodiscard]] int show_progress(const session& s);
[[nodiscard]] int cancel(const session& s);

} // namespace atrium::event_commands
