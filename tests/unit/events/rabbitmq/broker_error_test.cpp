#include "rabbitmq/broker_error.hpp"

#include <support/catch.hpp>

using namespace atrium::events::rabbitmq;

namespace {

broker_error error_of_close(int code, std::string_view text, const attempt& failed_attempt = {}) {
    return closed_error(code, text, *broker_url::parse("amqp://guest:secret@127.0.0.1/"), failed_attempt);
}

} // namespace

TEST_CASE("the error for a message that is too large for the broker contains the broker's maximum size") {
    const auto e =
        error_of_close(406, "PRECONDITION_FAILED - message size 20000000 is larger than configured max size 16777216");
    CHECK(e.largest_message() == 16'777'216);
    CHECK_FALSE(e.needs_manual_fix());
    CHECK_FALSE(error_of_close(406, "PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'q'").largest_message());
    CHECK_FALSE(
        error_of_close(406, "PRECONDITION_FAILED - message size 5 is larger than configured max size").largest_message());
}

TEST_CASE("the error for a refused transient queue suggests a durable bridge or a setting of the broker") {
    const auto e =
        error_of_close(541,
                       "INTERNAL_ERROR - Feature `transient_nonexcl_queues` is deprecated. By default, this feature is not "
                       "permitted anymore.",
                       {"declare the queue", "order_created"});
    CHECK(e.needs_manual_fix());
    CHECK_THAT(e.advice(), Catch::Matchers::ContainsSubstring("durable = true"));
    CHECK_THAT(e.advice(), Catch::Matchers::ContainsSubstring("deprecated_features.permit.transient_nonexcl_queues"));
    CHECK_FALSE(error_of_close(541, "INTERNAL_ERROR").needs_manual_fix());
}

TEST_CASE("the error for a quorum queue that a node of the broker cannot create suggests restarting that node") {
    const auto e =
        error_of_close(541,
                       "INTERNAL_ERROR - Cannot declare quorum queue 'q' in vhost 'shop' on node 'rabbit@one' with leader on "
                       "node 'rabbit@one': cluster_not_formed",
                       {"declare the queue", "q"});
    CHECK_FALSE(e.needs_manual_fix()); // the adapter declares the queue again until this succeeds
    CHECK_THAT(e.what(), Catch::Matchers::StartsWith("the broker refused to declare the queue"));
    CHECK_THAT(e.what(), Catch::Matchers::ContainsSubstring("rabbit@one"));
    CHECK_THAT(e.advice(), Catch::Matchers::ContainsSubstring("restart the node"));
}

TEST_CASE("if the default queue type of the virtual host allows only durable queues, the error suggests a durable bridge") {
    const auto e =
        error_of_close(406, "PRECONDITION_FAILED - invalid property 'non-durable' for queue 'order_created' in vhost '/'",
                       {"declare the queue", "order_created"});
    CHECK_THAT(e.advice(), Catch::Matchers::ContainsSubstring("durable = true"));
}
