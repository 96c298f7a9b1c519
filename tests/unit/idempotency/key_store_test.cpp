#include "keys_fixture.hpp"

#include <stdexcept>

using namespace atrium;
using namespace atrium::idempotency;
using namespace std::chrono_literals;

TEST_CASE("a repeated request finds the stored response of the first one, even after a restart of the server") {
    keys_fixture fixture;
    fixture.store("a");
    for (int i = 0; i < 2; ++i) {
        const auto again = fixture.claim_key("a").value();
        REQUIRE(again->find_response());
        CHECK(again->find_response()->status == 201);
        CHECK(again->find_response()->headers == "ETag: \"1\"\n");
        CHECK(again->find_response()->body == "a");
        fixture.restart();
    }
    CHECK_FALSE(fixture.has_response("b"));
}

TEST_CASE("a request with another fingerprint cannot use a key that was used before") {
    keys_fixture fixture;
    fixture.store("a");
    const auto other = fixture.claim_key("a", "another fingerprint");
    REQUIRE_FALSE(other);
    CHECK(other.error().code == errc::invalid);
    CHECK(fixture.has_response("a"));
}

TEST_CASE("each principal has keys of its own") {
    keys_fixture fixture;
    fixture.store("a");
    auto claim_of_ann = fixture.claim_key("a", "another fingerprint", "ann").value();
    CHECK_FALSE(claim_of_ann->find_response());
    fixture.store(*claim_of_ann, "the response for ann");
    claim_of_ann.reset();
    CHECK(fixture.claim_key("a", "another fingerprint", "ann").value()->find_response()->body == "the response for ann");
    CHECK(fixture.claim_key("a").value()->find_response()->body == "a");
}

TEST_CASE("while a request runs, no other request of its principal can claim its key") {
    keys_fixture fixture;
    auto first = fixture.claim_key("a");
    REQUIRE(first);
    for (const auto* fingerprint : {"one", "another"}) {
        const auto second = fixture.claim_key("a", fingerprint);
        REQUIRE_FALSE(second);
        CHECK(second.error().code == errc::conflict);
        CHECK(second.error().retry_after == 1s);
    }
    CHECK(fixture.claim_key("b"));
    CHECK(fixture.claim_key("a", "one", "ann"));
    first->reset(); // the request has ended without a response
    CHECK_FALSE(fixture.claim_key("a").value()->find_response());
}

TEST_CASE("a response is stored if and only if the effect of its request is stored") {
    keys_fixture fixture;
    auto refused = fixture.claim_key("a").value();
    fixture.store(*refused, "undone", false);
    refused.reset();
    CHECK(fixture.count_effects() == 0);
    CHECK(fixture.count_keys() == 0);
    CHECK_FALSE(fixture.has_response("a"));
    fixture.store("a");
    CHECK(fixture.count_effects() == 1);
    CHECK(fixture.count_keys() == 1);
}

TEST_CASE("storing a second response under one key is an error, and the effect that belongs to this response is undone") {
    keys_fixture fixture;
    const auto twice = fixture.claim_key("a").value();
    fixture.store(*twice, "first");
    CHECK_THROWS_AS(fixture.store(*twice, "second"), std::logic_error);
    CHECK(fixture.count_effects() == 1);
    CHECK(fixture.count_keys() == 1);
}

TEST_CASE("store_alone stores the response to a request whose effects are already stored") {
    keys_fixture fixture;
    auto claim = fixture.claim_key("a").value();
    CHECK_FALSE(claim->is_stored());
    run(claim->store_alone({.status = 202, .headers = {}, .body = "accepted"}));
    CHECK(claim->is_stored());
    claim.reset();
    CHECK(fixture.claim_key("a").value()->find_response()->status == 202);
}

TEST_CASE("a repeated mutation finds the fields that its interrupted run has completed, until its response is stored") {
    keys_fixture fixture;
    auto first = fixture.claim_key("a").value();
    for (const auto* field : {"one", "two"})
        CHECK(run(fixture.probe.write([&](storage::transaction& t) -> result<> {
            first->store_field(t, field, {.id = 7, .body = field});
            return {};
        })));
    first.reset();
    fixture.restart();
    CHECK(fixture.claim_key("a", "another").error().code == errc::invalid);

    auto again = fixture.claim_key("a").value();
    CHECK_FALSE(again->find_response());
    REQUIRE(again->find_field("one"));
    CHECK(again->find_field("one")->id == 7);
    CHECK(again->find_field("two")->body == "two");
    CHECK_FALSE(again->find_field("three"));
    run(again->store_alone({.body = "complete"}));
    again.reset();
    CHECK(fixture.count_fields() == 0);
    CHECK(fixture.claim_key("a").value()->find_response()->body == "complete");
    CHECK(fixture.count_keys() == 1);
}

TEST_CASE("if more keys are stored than the configured maximum, the oldest keys are removed") {
    keys_fixture fixture{{.count = 3}};
    for (const auto* key : {"a", "b", "c", "d", "e"})
        fixture.store(key);
    CHECK(fixture.count_keys() == 3);
    CHECK(fixture.key_gauge() == "3");
    CHECK_FALSE(fixture.has_response("b"));
    CHECK(fixture.has_response("c"));
    fixture.store("a"); // a removed key can be used again
    CHECK(fixture.count_effects() == 6);
}

TEST_CASE("after the maximum number of keys was lowered, storing new keys removes the surplus of old ones") {
    keys_fixture fixture;
    for (int i = 0; i < 10; ++i)
        fixture.store("old" + std::to_string(i));
    fixture.restart({.count = 2});
    for (int i = 0; i < 8; ++i)
        fixture.store("new" + std::to_string(i));
    CHECK(fixture.count_keys() == 2);
    CHECK(fixture.has_response("new7"));
}

TEST_CASE("a key that is older than the configured age is removed with its fields, and can then be used again") {
    keys_fixture fixture{{.age = 24h}};
    fixture.store("a");
    const auto partial = fixture.claim_key("partial").value();
    CHECK(run(fixture.probe.write([&](storage::transaction& t) -> result<> {
        partial->store_field(t, "one", {});
        return {};
    })));
    run(fixture.keys->remove_old_keys());
    fixture.advance(23h);
    fixture.store("b");
    run(fixture.keys->remove_old_keys());
    CHECK(fixture.count_keys() == 3);

    fixture.advance(61min);
    run(fixture.keys->remove_old_keys());
    CHECK(fixture.count_keys() == 1);
    CHECK(fixture.count_fields() == 0);
    CHECK(fixture.key_gauge() == "1");
    CHECK(fixture.has_response("b"));
    fixture.store("a");
    CHECK(fixture.count_effects() == 3);
}

TEST_CASE("keys from before a restart of the server are removed once they are older than the configured age") {
    keys_fixture fixture{{.age = 24h}};
    fixture.store("a");
    fixture.advance(20h);
    fixture.restart({.age = 24h});
    run(fixture.keys->remove_old_keys());
    CHECK(fixture.key_gauge() == "1");
    fixture.advance(2h); // after an hour, the clock is trusted, although it was far ahead of the newest key at the start
    run(fixture.keys->remove_old_keys());
    CHECK(fixture.count_keys() == 1);
    fixture.advance(3h);
    run(fixture.keys->remove_old_keys());
    CHECK(fixture.count_keys() == 0);
    CHECK(fixture.key_gauge() == "0");
}

TEST_CASE("a jump of the clock into the future does not cause keys to be removed") {
    keys_fixture fixture{{.age = 24h}};
    fixture.store("a");
    run(fixture.keys->remove_old_keys());
    fixture.time.advance(48h); // the steady clock shows that no time has passed
    run(fixture.keys->remove_old_keys());
    CHECK(fixture.has_response("a"));
}

TEST_CASE("all old keys are removed, even if one step cannot remove them all") {
    keys_fixture fixture{{.age = 1s}};
    CHECK(run(storage::store{fixture.database, "idempotency"}.write([&](storage::transaction& t) -> result<> {
        for (int i = 0; i < 1234; ++i)
            t.execute("INSERT INTO idempotency_request (principal, key, fingerprint, status, headers, body, at)"
                      " VALUES ('anonymous', ?1, '', 200, '', '', ?2)",
                      std::to_string(i), fixture.time.now());
        return {};
    })));
    run(fixture.keys->remove_old_keys());
    CHECK(fixture.key_gauge() == "1234");
    fixture.advance(2s);
    run(fixture.keys->remove_old_keys());
    CHECK(fixture.count_keys() == 0);
}

TEST_CASE("after its start, the key store removes old keys on its own, and it can be stopped more than once") {
    keys_fixture fixture;
    const system_clock machine;
    key_store keys{{.age = 1s}, {fixture.database, machine, fixture.metrics, {}}};
    keys.start();
    {
        const auto own_claim = run(keys.claim_key({.principal = "anonymous", .key = "a", .fingerprint = "one"})).value();
        fixture.store(*own_claim, "a");
    }
    support::eventually([&] { return fixture.count_keys() == 0; });
    keys.stop();
    keys.stop();
}
