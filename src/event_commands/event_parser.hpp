#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace atrium::event_commands {

/// Reads server-sent events (WHATWG HTML, section 9.2) from a stream that arrives in pieces.
class event_parser {
public:
    /// Returns the data of the events that this piece completes.
    [[nodiscard]] std::vector<std::string> take(std::string_view piece);

    /// The id of the last complete event. If the connection breaks, the client continues after this event.
    [[nodiscard]] const std::string& last_id() const noexcept { return last_id_; }

    /// Forgets an event that has arrived only in part. Call it before a new connection is used.
    void reset();

private:
    void take_line(std::string_view line, std::vector<std::string>& complete);

    std::string unread_; ///< an incomplete line
    std::string data_;
    std::string id_; ///< the id of the event that is arriving
    bool has_id_ = false;
    std::string last_id_;
};

} // namespace atrium::event_commands
