#pragma once

#include <auth/authority.hpp>
#include <auth/tokens.hpp>
#include <module_support/module_process.hpp>
#include <support/broken_database.hpp>
#include <support/catch.hpp>
#include <support/eventually.hpp>
#include <support/run.hpp>
#include <support/temporary_directory.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::auth {

using support::run;

/// A database with the tables of `auth`, clocks that the test sets, and an authority.
struct auth_fixture {
    explicit auth_fixture(settings s = {.mode = mode::token}) : current_settings{std::move(s)} {
        database.migrate();
        database.start(support::abort_for_broken_database);
    }
    ~auth_fixture() {
        if (authority)
            authority->stop();
        database.close();
    }

    /// Starts the authority, or starts it again with the same database, as a restart of the server does.
    void start() {
        authority.reset();
        authority.emplace(current_settings, authority_parts{database, time, metrics, {}, [this] { return steady.load(); }});
        authority->start();
    }

    void advance(std::chrono::milliseconds duration) {
        time.advance(duration);
        steady = steady.load() + duration;
    }

    /// Creates a token without the authority, as another process does. Returns the secret of the token.
    std::string create(std::string name, std::vector<std::string> scopes = {"users:read"},
                       std::optional<timestamp> expires = {}) {
        return run(store.write([&](storage::transaction& t) -> result<issued_token> {
                   return create_token(t, {name, scopes, expires}, command_line, time.now());
               }))
            .value()
            .secret;
    }
    void revoke(std::string_view name) {
        REQUIRE(run(store.write(
            [&](storage::transaction& t) -> result<token_row> { return revoke_token(t, name, command_line, time.now()); })));
    }
    [[nodiscard]] std::vector<token_row> list() {
        return run(store.read([](storage::snapshot& s) -> result<std::vector<token_row>> { return list_tokens(s); })).value();
    }
    [[nodiscard]] std::int64_t count(std::string_view sql) {
        return run(store.read([&](storage::snapshot& s) -> result<std::int64_t> { return s.query_integer(sql).value_or(-1); }))
            .value();
    }

    [[nodiscard]] std::shared_ptr<const access::principal> authenticate(const std::string& authorization,
                                                                        const std::string& cookie = {}) {
        return run(authority->authenticate({.authorization = authorization, .cookie = cookie}));
    }
    [[nodiscard]] std::shared_ptr<const access::principal> authenticate_bearer(const std::string& secret) {
        return authenticate("Bearer " + secret);
    }

    /// The value of a metric. `name` includes its labels. Empty if the metric does not exist.
    [[nodiscard]] std::string metric(const std::string& name) {
        const auto all = "\n" + metrics.render();
        const auto begin = all.find("\n" + name + " ");
        if (begin == all.npos)
            return {};
        const auto value = begin + name.size() + 2;
        return all.substr(value, all.find('\n', value) - value);
    }

    support::temporary_directory folder;
    support::settable_clock time;
    std::atomic<std::chrono::steady_clock::time_point> steady{std::chrono::steady_clock::time_point{std::chrono::hours{1000}}};
    metrics::registry metrics;
    std::array<storage::schema, 1> schemas{credential_schema()};
    storage::sqlite::sqlite_database database{{.path = folder / "auth.db"}, schemas, metrics, {}};
    storage::store store{database, std::string{owner}};
    settings current_settings;
    std::optional<auth::authority> authority;
};

} // namespace atrium::auth
