#include "token_commands.hpp"

#include "file_owner.hpp"
#include "registry.hpp"

#include <auth/tokens.hpp>
#include <base/printable.hpp>
#include <base/text.hpp>
#include <config/duration.hpp>
#include <metrics/registry.hpp>
#include <storage/sqlite/inspection.hpp>
#include <storage/sqlite/visitor.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <optional>
#include <stdexcept>

namespace atrium::app {
namespace {

using storage::sqlite::visitor;

/// Creates the database, or applies pending migrations, unless the database is up to date. If migrations are pending, fails
/// while a server (which is then of an older version) uses the database.
void prepare_database(const settings& s) {
    const auto schemas = all_schemas();
    if (std::filesystem::exists(s.storage.path) &&
        storage::sqlite::inspection{s.storage.path, schemas, logger{}}.pending().empty())
        return;
    metrics::registry unused_metrics;
    storage::sqlite::sqlite_database{s.storage, schemas, unused_metrics, logger{}}.migrate();
}

visitor open_existing(const settings& s) {
    if (!std::filesystem::exists(s.storage.path))
        throw std::runtime_error{s.storage.path.string() +
                                 " does not exist; name the database with --config or --set storage.path=..."};
    return visitor{s.storage.path, all_schemas(), std::string{auth::owner}};
}

/// Prints an error and its faults, each on its own line.
int report(const error& e) {
    std::cerr << "atrium: " << printable(e.detail) << '\n';
    for (const auto& each : e.faults)
        std::cerr << "  " << (each.pointer == "/scopes" ? "--scope" : "--" + each.pointer.substr(1)) << ' '
                  << printable(each.detail) << '\n';
    return exit_failure;
}

std::optional<timestamp> expiry_of(const std::string& duration, timestamp now) {
    if (duration.empty())
        return std::nullopt;
    constexpr auto max_length = std::chrono::hours{24 * 36'500};
    const auto length = config::parse_duration(duration, std::chrono::seconds{1});
    if (!length || *length <= std::chrono::milliseconds{0} || *length > max_length)
        throw std::runtime_error{"--expires must be a number and a unit (s, m, h or d), such as 30d, and at most 36500d"};
    return now + *length;
}

int create(const token_command& c, const settings& s) {
    const auto now = system_clock{}.now();
    const auth::token_request request{.name = c.name, .scopes = c.scopes, .expires = expiry_of(c.expires, now)};
    prepare_database(s);
    const auto issued = open_existing(s).write([&](storage::transaction& t) -> result<auth::issued_token> {
        return auth::create_token(t, request, auth::command_line, now);
    });
    if (!issued)
        return report(issued.error());
    std::cerr << "created the token " << printable(c.name) << " with " << auth::join_scopes(issued->row.scopes)
              << "; its secret is shown only this once\n";
    std::cout << issued->secret << '\n' << std::flush;
    return std::cout ? exit_success : exit_failure;
}

int revoke(const token_command& c, const settings& s) {
    const auto revoked = open_existing(s).write([&](storage::transaction& t) -> result<auth::token_row> {
        return auth::revoke_token(t, c.name, auth::command_line, system_clock{}.now());
    });
    if (!revoked)
        return report(revoked.error());
    std::cout << "revoked the token " << printable(c.name) << '\n';
    return exit_success;
}

using line = std::array<std::string, 6>;

line line_of(const auth::token_row& row, timestamp now) {
    const auto shown = [](const std::optional<timestamp>& when) { return when ? to_rfc3339(*when) : std::string{"never"}; };
    return {printable(row.name), std::string{auth::state_of(row, now)}, to_rfc3339(row.created), shown(row.expires),
            shown(row.used),     auth::join_scopes(row.scopes)};
}

void print_table(const std::vector<line>& lines) {
    std::array<std::size_t, 6> widths{};
    for (const auto& each : lines)
        for (std::size_t i = 0; i < each.size(); ++i)
            widths[i] = std::max(widths[i], count_code_points(each[i]));
    for (const auto& each : lines) {
        for (std::size_t i = 0; i + 1 < each.size(); ++i)
            std::cout << each[i] << std::string(widths[i] - count_code_points(each[i]) + 2, ' ');
        std::cout << each.back() << '\n';
    }
}

int list(const token_command& c, const settings& s) {
    const auto rows = open_existing(s).read([](storage::snapshot& all) { return auth::list_tokens(all); });
    const auto now = system_clock{}.now();
    if (c.is_json) {
        std::string text;
        json_writer json{text};
        json.begin_array();
        for (const auto& each : rows)
            auth::write_token(json, each, now);
        json.end_array();
        std::cout << text << '\n';
        return exit_success;
    }
    std::vector<line> lines{{"NAME", "STATE", "CREATED", "EXPIRES", "USED", "SCOPES"}};
    for (const auto& each : rows)
        lines.push_back(line_of(each, now));
    print_table(lines);
    return exit_success;
}

} // namespace

int run_token_command(const token_command& c, const settings& s) {
    act_as_owner_of(s.storage.path);
    switch (c.verb) {
    case token_verb::create: return create(c, s);
    case token_verb::list: return list(c, s);
    case token_verb::revoke: return revoke(c, s);
    }
    return exit_usage;
}

} // namespace atrium::app
