#include "keys_fixture.hpp"

#include <stdexcept>

using namespace atrium;
using namespace atrium::idempotency;
using namespace std::chrono_literals;

TEST_CASE("the same request finds the response of the first one, even after a restart") {
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
    CHECK_FALSE(fixture.has("b"));
}

TEST_CASE("another request must not use the key") {
    keys_fixture fixture;
    fixture.store("a");
    const auto other = fixture.claim_key("a", "another fingerprint");
    REQUIRE_FALSE(other);
    CHECK(other.error().code == errc::invalid);
    CHECK(fixture.has("a"));
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

TEST_CASE("while a request with a key runs, no other one can begin") {
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
    CHECK(fixture.effects() == 0);
    CHECK(fixture.stored() == 0);
    CHECK_FALSE(fixture.has("a"));
    fixture.store("a");
    CHECK(fixture.effects() == 1);
    CHECK(fixture.stored() == 1);
}

TEST_CASE("a second effect under one key is undone") {
    keys_fixture fixture;
    const auto twice = fixture.claim_key("a").value();
    fixture.store(*twice, "first");
    CHECK_THROWS_AS(fixture.store(*twice, "second"), std::logic_error);
    CHECK(fixture.effects() == 1);
    CHECK(fixture.stored() == 1);
}

TEST_CASE("a response whose effects are already stored is stored in a transaction of its own") {
    keys_fixture fixture;
    auto claim = fixture.claim_key("a").value();
    CHECK_FALSE(claim->is_stored());
    run(claim->store_alone({.status = 202, .headers = {}, .body = "accepted"}));
    CHECK(claim->is_stored());
    claim.reset();
    CHECK(fixture.claim_key("a").value()->find_response()->status == 202);
}

TEST_CASE("the fields that an interrupted mutation has completed are found, until its response is stored") {
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
    CHECK(fixture.fields() == 0);
    CHECK(fixture.claim_key("a").value()->find_response()->body == "complete");
    CHECK(fixture.stored() == 1);
}

TEST_CASE("beyond the maximum number of keys the oldest are removed") {
    keys_fixture fixture{{.count = 3}};
    for (const auto* key : {"a", "b", "c", "d", "e"})
        fixture.store(key);
    CHECK(fixture.stored() == 3);
    CHECK(fixture.gauge() == "3");
    CHECK_FALSE(fixture.has("b"));
    CHECK(fixture.has("c"));
    fixture.store("a"); // a removed key can be used again
    CHECK(fixture.effects() == 6);
}

TEST_CASE("a lower maximum takes effect while new keys are stored") {
    keys_fixture fixture;
    for (int i = 0; i < 10; ++i)
        fixture.store("old" + std::to_string(i));
    fixture.restart({.count = 2});
    for (int i = 0; i < 8; ++i)
        fixture.store("new" + std::to_string(i));
    CHECK(fixture.stored() == 2);
    CHECK(fixture.has("new7"));
}

TEST_CASE("a key that is older than the age is removed with its fields, and can then be used again") {
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
    CHECK(fixture.stored() == 3);

    fixture.advance(61min);
    run(fixture.keys->remove_old_keys());
    CHECK(fixture.stored() == 1);
    CHECK(fixture.fields() == 0);
    CHECK(fixture.gauge() == "1");
    CHECK(fixture.has("b"));
    fixture.store("a");
    CHECK(fixture.effects() == 3);
}

TEST_CASE("keys of an earlier run are removed when they are too old") {
    keys_fixture fixture{{.age = 24h}};
    fixture.store("a");
    fixture.advance(20h);
    fixture.restart({.age = 24h});
    run(fixture.keys->remove_old_keys());
    CHECK(fixture.gauge() == "1");
    fixture.advance(2h); // for an hour after the start, a clock that is ahead of the newest key may be wrong
    run(fixture.keys->remove_old_keys());
    CHECK(fixture.stored() == 1);
    fixture.advance(3h);
    run(fixture.keys->remove_old_keys());
    CHECK(fixture.stored() == 0);
    CHECK(fixture.gauge() == "0");
}

TEST_CASE("a clock that jumps ahead does not cause keys to be removed") {
    keys_fixture fixture{{.age = 24h}};
    fixture.store("a");
    run(fixture.keys->remove_old_keys());
    fixture.time.advance(48h); // the steady clock shows that no time has passed
    run(fixture.keys->remove_old_keys());
    CHECK(fixture.has("a"));
}

TEST_CASE("thousands of old keys are removed in steps") {
    keys_fixture fixture{{.age = 1s}};
    CHECK(run(storage::store{fixture.database, "idempotency"}.write([&](storage::transaction& t) -> result<> {
        for (int i = 0; i < 1234; ++i)
            t.execute("INSERT INTO idempotency_request (principal, key, fingerprint, status, headers, body, at)"
                      " VALUES ('anonymous', ?1, '', 200, '', '', ?2)",
                      std::to_string(i), fixture.time.now());
        return {};
    })));
    run(fixture.keys->remove_old_keys());
    CHECK(fixture.gauge() == "1234");
    fixture.advance(2s);
    run(fixture.keys->remove_old_keys());
    CHECK(fixture.stored() == 0);
}

TEST_CASE("the thread of the store removes old keys on its own and ends when it is stopped") {
    keys_fixture fixture;
    const system_clock machine;
    key_store keys{{.age = 1s}, {fixture.database, machine, fixture.metrics, {}}};
    keys.start();
    {
        const auto own_claim = run(keys.claim_key({.principal = "anonymous", .key = "a", .fingerprint = "one"})).value();
        fixture.store(*own_claim, "a");
    }
    support::eventually([&] { return fixture.stored() == 0; });
    keys.stop();
    keys.stop();
}
