// Requests with an Idempotency-Key over real connections, in one process and in two.
#include "answers.hpp"
#include "deployment.hpp"

#include <string>
#include <string_view>

using namespace atrium::support;
using boost::json::value;

namespace {

headers key_header(std::string_view text) {
    return {{"Idempotency-Key", std::string{text}}};
}

value tea_for(std::string_view username) {
    return {{"username", username}, {"product_name", "tea"}};
}

void check_replay(const reply& second, const reply& first) {
    CHECK(second.status == first.status);
    CHECK(second.body == first.body);
    for (const auto* name : {"Content-Type", "ETag", "Location"})
        CHECK(second.header(name) == first.header(name));
    CHECK(first.header("Idempotency-Replayed").empty());
    CHECK(second.header("Idempotency-Replayed") == "true");
    CHECK(second.header("X-Request-Id") != first.header("X-Request-Id"));
}

} // namespace

TEST_CASE("a request that is repeated with its idempotency key gets the same response, even after a restart or a crash") {
    deployment server;
    server.create_user("ann");
    const auto first = server.http().post("/orders/", tea_for("ann"), key_header("a"));
    REQUIRE(first.status == 201);
    check_replay(server.http().post("/orders/", tea_for("ann"), key_header("a")), first);
    server.restart();
    check_replay(server.http().post("/orders", tea_for("ann"), key_header("\"a\"")), first);
    server.kill();
    server.start();
    check_replay(server.http().post("/orders/", tea_for("ann"), key_header("a")), first);
    CHECK(server.orders().size() == 1);
}

TEST_CASE("PATCH with If-Match, and DELETE, can be repeated with their idempotency keys after a restart") {
    deployment server;
    server.create_user("ann");
    server.place_order("ann", "tea");
    const auto change = [&] {
        return server.http().patch("/orders/1", {{"quantity", 2}}, {{"Idempotency-Key", "change"}, {"If-Match", "\"1-1\""}});
    };
    const auto remove = [&] { return server.http().remove("/orders/1", key_header("remove")); };
    const auto changed = change();
    REQUIRE(changed.status == 200);
    server.restart();
    check_replay(change(), changed);
    const auto removed = remove();
    REQUIRE(removed.status == 204);
    server.restart();
    check_replay(remove(), removed);
    check_replay(change(), changed);
    CHECK(server.orders().empty());
}

TEST_CASE("an invalid idempotency key is refused with 400, and the key of another request with 422") {
    deployment server;
    server.create_user("ann");
    REQUIRE(server.http().post("/orders/", tea_for("ann"), key_header("a")).status == 201);
    for (const auto* text : {"", "a b", "\"a", "\"\"", "caf\xc3\xa9"})
        check_problem(server.http().post("/orders/", tea_for("ann"), key_header(text)), 400);
    check_problem(server.http().post("/orders/", tea_for("ann"), key_header(std::string(256, 'x'))), 400);
    check_problem(server.http().post("/orders/", tea_for("bob"), key_header("a")), 422);
    check_problem(server.http().patch("/orders/1", tea_for("ann"), key_header("a")), 422);
    CHECK(server.orders().size() == 1);
}

TEST_CASE("a request that was refused runs again if it is repeated with its idempotency key") {
    deployment server;
    CHECK(server.http().post("/orders/", tea_for("ann"), key_header("a")).status == 422);
    server.create_user("ann");
    CHECK(server.http().post("/orders/", tea_for("ann"), key_header("a")).status == 201);
}
