#pragma once

#include <idempotency/key_store.hpp>
#include <module_support/module_process.hpp>
#include <support/broken_database.hpp>
#include <support/catch.hpp>
#include <support/eventually.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace atrium::idempotency {

using support::run;

/// The table of the module `probe`. A row that a request inserts is the effect of this request.
inline constexpr std::array probe_migrations{
    storage::migration{1, "0001_effects", "CREATE TABLE probe_effect (name TEXT NOT NULL) STRICT;"}};

/// A database with the tables of this part and of a module `probe`, and clocks that the test sets.
struct keys_fixture {
    explicit keys_fixture(settings s = {}) {
        database.migrate();
        database.start(support::abort_for_broken_database);
        restart(s);
    }
    ~keys_fixture() { database.close(); }

    /// Starts another run of the server with the same database.
    void restart(settings s = {}) {
        keys.reset();
        keys.emplace(s, key_store_parts{database, time, metrics, {}, [this] { return steady; }});
    }

    /// Lets both clocks advance.
    void advance(std::chrono::milliseconds duration) {
        time.advance(duration);
        steady += duration;
    }

    [[nodiscard]] result<std::unique_ptr<claim>> claim_key(std::string key, std::string fingerprint = "one",
                                                           std::string principal = "anonymous") {
        return run(keys->claim_key({std::move(principal), std::move(key), std::move(fingerprint)}));
    }

    /// Runs a request whose effect and response are stored together. If `is_kept` is false, the transaction is then undone.
    void store(claim& c, std::string body, bool is_kept = true) {
        const auto stored = run(probe.write([&](storage::transaction& t) -> result<> {
            t.execute("INSERT INTO probe_effect (name) VALUES (?1)", body);
            c.store(t, {.status = 201, .headers = "ETag: \"1\"\n", .body = body});
            return is_kept ? result<>{} : error{.code = errc::conflict};
        }));
        CHECK(stored.has_value() == is_kept);
    }
    void store(std::string key) {
        const auto own_claim = claim_key(key).value();
        store(*own_claim, key);
    }

    [[nodiscard]] std::int64_t count(std::string_view sql, const std::string& table_owner) {
        return run(storage::store{database, table_owner}.read(
                       [&](storage::snapshot& s) -> result<std::int64_t> { return s.query_integer(sql).value_or(-1); }))
            .value();
    }
    [[nodiscard]] std::int64_t count_effects() { return count("SELECT count(*) FROM probe_effect", "probe"); }
    [[nodiscard]] std::int64_t count_keys() { return count("SELECT count(*) FROM idempotency_request", "idempotency"); }
    [[nodiscard]] std::int64_t count_fields() { return count("SELECT count(*) FROM idempotency_field", "idempotency"); }
    [[nodiscard]] bool has_response(const std::string& key) { return claim_key(key).value()->find_response() != nullptr; }

    /// The value of the metric `atrium_idempotency_keys`.
    [[nodiscard]] std::string key_gauge() {
        const auto all = metrics.render();
        const std::string_view name = "\natrium_idempotency_keys ";
        const auto begin = all.find(name) + name.size();
        return all.substr(begin, all.find('\n', begin) - begin);
    }

    support::temporary_directory folder;
    support::settable_clock time;
    std::chrono::steady_clock::time_point steady{std::chrono::hours{1000}};
    metrics::registry metrics;
    std::array<storage::schema, 2> schemas{key_schema(), storage::schema{"probe", probe_migrations}};
    storage::sqlite::sqlite_database database{{.path = folder / "keys.db"}, schemas, metrics, {}};
    storage::store probe{database, "probe"};
    std::optional<key_store> keys;
};

} // namespace atrium::idempotency
