#include "event_parser.hpp"
#include "interrupt.hpp"
#include "json_text.hpp"
#include "verbs.hpp"

#include <base/printable.hpp>

#include <boost/json/parse.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <iostream>

namespace atrium::event_commands {
namespace {

using namespace std::chrono_literals;

constexpr auto reconnect_interval = 1s;

/// "1042  2026-11-22 12:00:00  orders.order_created  order/7  {...}"
void print_event(const session& s, const std::string& text) {
    if (s.command.is_json) {
        std::cout << text << '\n';
        return;
    }
    boost::system::error_code not_json;
    const auto event = boost::json::parse(text, not_json);
    std::cout << text_of(event, "seq") << "  " << short_time(text_of(event, "time")) << "  "
              << printable(text_of(event, "type")) << "  " << printable(text_of(event, "subject")) << "  "
              << printable(text_of(event, "data")) << '\n';
}

} // namespace

int follow_events(const session& s) {
    const auto target = "/events/stream" + to_query(s.command.fields);
    event_parser events;
    bool was_connected = false;
    const auto take = [&](std::string_view piece) {
        was_connected = true;
        for (const auto& each : events.take(piece))
            print_event(s, each);
        return static_cast<bool>(std::cout.flush());
    };
    for (;;) {
        try {
            events.reset();
            const auto ended = s.server.stream(target, events.last_id(), take);
            if (!std::cout) // the program that reads the output has ended
                return success;
            constexpr unsigned unavailable = 503;
            if (ended.status != 200 && !(was_connected && ended.status == unavailable))
                return report_refusal(ended);
        } catch (const boost::system::system_error&) {
            if (!was_connected)
                throw;
        }
        print_error("the connection has ended; trying again");
        const interrupt_watch interrupt;
        interrupt.wait(reconnect_interval);
        if (interrupt.is_interrupted())
            return interrupted;
    }
}

} // namespace atrium::event_commands
