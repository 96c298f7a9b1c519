#include <support/database_inspector.hpp>
#include <support/event_state.hpp>

#include <exception>
#include <sstream>

namespace atrium::support {
namespace {

struct part_of_journal {
    const char* title;
    const char* sql;
};

constexpr part_of_journal parts_of_journal[]{
    {"deliveries by subscription and state", R"(
        SELECT printf('%s: %s %d', s.name, d.state, count(*))
        FROM events_delivery AS d JOIN events_subscription AS s ON s.id = d.subscription
        GROUP BY s.name, d.state)"},
    {"identity", "SELECT printf('receiver %s, publisher %s', receiver, publisher) FROM events_identity"},
    {"last numbers sent", R"(
        SELECT printf('%s: %d', s.name, max(n.number))
        FROM events_sent_number AS n JOIN events_subscription AS s ON s.id = n.subscription
        GROUP BY s.name)"},
    {"receivers as they have reported", R"(
        SELECT printf('%s: %s since %d', s.name, r.receiver, r.since)
        FROM events_receiver AS r JOIN events_subscription AS s ON s.id = r.subscription)"},
    {"numbers received", R"(
        SELECT printf('%s from %s: next %d, since %s', s.name, n.publisher, n.next, coalesce(n.since, 'unknown'))
        FROM events_received_number AS n JOIN events_subscription AS s ON s.id = n.subscription)"},
    {"numbers missing", R"(
        SELECT printf('%s from %s: %d to %d, noticed %s', s.name, n.publisher, n.first, n.last, coalesce(n.noticed, 'never'))
        FROM events_missing_number AS n JOIN events_subscription AS s ON s.id = n.subscription LIMIT 50)"},
};

std::string describe_journal(const std::filesystem::path& database) {
    database_inspector inspector{database};
    std::string text;
    for (const auto& [title, sql] : parts_of_journal) {
        text += std::string{title} + ":\n";
        for (const auto& row : inspector.column(sql))
            text += "  " + row + '\n';
    }
    return text;
}

std::string describe_metrics(running_server& server) {
    std::istringstream all{server.http().get("/metrics").body};
    std::string text;
    for (std::string line; std::getline(all, line);)
        if (line.starts_with("atrium_events") || line.starts_with("atrium_rabbitmq"))
            text += line + '\n';
    return text;
}

/// Returns the result of `read` under a title, or the reason why it cannot be read.
template <class Read>
std::string describe_part(const std::string& title, Read read) {
    try {
        return "--- " + title + "\n" + read() + '\n';
    } catch (const std::exception& e) {
        return "--- " + title + " cannot be read: " + e.what() + '\n';
    }
}

} // namespace

std::string describe_events(const std::vector<running_server*>& servers, rabbitmq_broker& broker, const std::string& vhost) {
    auto text = describe_part("queues of the broker", [&] {
        return broker.control({"list_queues", "-p", vhost, "name", "type", "state", "messages_ready", "messages_unacknowledged",
                               "consumers", "members", "online"});
    });
    for (auto* server : servers) {
        const auto name = server->database().string();
        text += describe_part("/readyz of " + name, [&] { return server->http().get("/readyz").body; });
        text += describe_part("metrics of " + name, [&] { return describe_metrics(*server); });
        text += describe_part("journal of " + name, [&] { return describe_journal(server->database()); });
        text += describe_part("log of " + name, [&] { return server->log(); });
    }
    return text;
}

} // namespace atrium::support
