#include "server_client.hpp"
#include "verbs.hpp"

#include <event_commands/commands.hpp>

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <exception>

namespace atrium::event_commands {
namespace {

int run(const session& s) {
    switch (s.command.verb) {
    case verb::list: return list_events(s);
    case verb::show: return show_event(s);
    case verb::follow: return follow_events(s);
    case verb::subscriptions: return list_subscriptions(s);
    case verb::pause:
    case verb::resume: return set_paused(s);
    case verb::dead_letters: return list_dead_letters(s);
    case verb::retry:
    case verb::discard:
    case verb::replay:
    case verb::resend: return run_bulk(s);
    case verb::edit: return edit(s);
    case verb::publish: return publish(s);
    case verb::drain: return drain(s);
    case verb::progress: return show_progress(s);
    case verb::cancel: return cancel(s);
    }
    return wrong_use;
}

/// Whether the token can be sent in a header.
bool is_sendable(const std::string& token) {
    return std::ranges::all_of(token, [](char c) { return c > ' ' && c <= '~'; });
}

} // namespace

int run(const command& c, const std::string& url, const http::tls_settings& tls) {
    auto parsed = http::parse_base_url(url);
    if (!parsed) {
        print_error("--server: " + parsed.error().detail);
        return wrong_use;
    }
    if (!is_sendable(c.token)) {
        print_error("--token: it must consist of visible ASCII characters");
        return wrong_use;
    }
    if (!c.token.empty() && parsed->is_exposed() && !c.allows_plain_token) {
        print_error("the token would be sent to " + parsed->host +
                    " without TLS, where everyone on the way could read and use it; use https, or add --allow-plain-token if "
                    "the network to that machine is encrypted by other means");
        return wrong_use;
    }
    const server_client server{*std::move(parsed), c.token, tls};
    try {
        return run(session{c, server});
    } catch (const boost::system::system_error& e) {
        print_error("no server answers at " + server.url().text + " (" + e.code().message() +
                    "): this command needs a running server; start it first, or specify its URL with --server");
        return failure;
    } catch (const std::exception& e) {
        print_error(e.what());
        return failure;
    }
}

} // namespace atrium::event_commands
