#include "consumer_fixture.hpp"

#include <memory>

using namespace atrium;
using namespace atrium::events;
using namespace atrium::events::rabbitmq;

TEST_CASE("a second consumer of a queue is a standby, and takes over when the first one stops") {
    vhost_fixture fixture;
    inbox first_inbox{inbox::acknowledgment::immediate};
    inbox second_inbox{inbox::acknowledgment::immediate};
    auto first = std::make_unique<consumer>(settings_for(fixture.url), reader(), first_inbox.callback(), fixture.services);
    first_inbox.source = first.get();
    first->start();
    eventually([&] { return role_of(*first) == consumer::role::active; });
    consumer second{settings_for(fixture.url), reader(), second_inbox.callback(), fixture.services};
    second_inbox.source = &second;
    second.start();
    eventually([&] { return role_of(second) == consumer::role::standby; });
    publish(fixture, 1, 20);
    eventually([&] { return first_inbox.count() == 20; });
    CHECK(second_inbox.count() == 0);

    first->stop(from_now(10s));
    // The second consumer finds out by its own check that it is active, without a message.
    eventually([&] { return role_of(second) == consumer::role::active; });
    publish(fixture, 21, 40);
    eventually([&] { return second_inbox.count() == 20; });
}

TEST_CASE("a consumer whose queue is deleted declares it again and continues") {
    vhost_fixture fixture;
    inbox arrivals{inbox::acknowledgment::immediate};
    consumer c{settings_for(fixture.url), reader(), arrivals.callback(), fixture.services};
    arrivals.source = &c;
    c.start();
    eventually([&] { return role_of(c) == consumer::role::active; });
    shared_broker().control({"delete_queue", "-p", fixture.vhost, "x.reader"});
    eventually([&] { return c.state().connection.reconnects == 1; });
    CHECK_THAT(c.state().connection.last_error, Catch::Matchers::ContainsSubstring("ended the consumer"));
    publish(fixture, 1, 5);
    eventually([&] { return arrivals.count() == 5; });
}

TEST_CASE("a paused consumer passes on the messages that it has received when it is resumed, even if their queue was deleted") {
    vhost_fixture fixture;
    publish(fixture, 1, 20);
    inbox arrivals{inbox::acknowledgment::immediate};
    consumer c{settings_for(fixture.url), reader(), arrivals.callback(), fixture.services};
    arrivals.source = &c;
    c.pause();
    c.start();
    eventually([&] { return c.state().unacknowledged == 20; });
    shared_broker().control({"delete_queue", "-p", fixture.vhost, "x.reader"});
    eventually([&] { return c.state().connection.reconnects == 1; });
    publish(fixture, 21, 30);
    CHECK(arrivals.count() == 0);
    c.resume();
    eventually([&] { return arrivals.count() == 30; });
    CHECK(first_ids(arrivals) == ids_of_orders(1, 30));
    eventually([&] { return fixture.messages("x.reader") == 0; });
}

TEST_CASE("a consumer that the broker has removed without notice subscribes again") {
    vhost_fixture fixture;
    inbox arrivals{inbox::acknowledgment::immediate};
    consumer c{settings_for(fixture.url), reader(), arrivals.callback(), fixture.services};
    arrivals.source = &c;
    c.start();
    eventually([&] { return role_of(c) == consumer::role::active; });
    // Simulates a consumer whose queue was deleted and declared again immediately.
    const std::string removal = shared_broker().major_version() < 4 ? "cancel" : "remove";
    shared_broker().evaluate(
        "[begin {ok, {_, Consumers}, _} = ra:leader_query(amqqueue:get_pid(Q), fun rabbit_fifo:query_consumers/1), "
        "[{ok, _, _} = ra:process_command(amqqueue:get_pid(Q), rabbit_fifo:make_checkout({Tag, Pid}, " +
        removal +
        ", #{})) "
        "|| Consumer <- maps:values(Consumers), {Pid, Tag} <- [{element(1, Consumer), element(2, Consumer)}]] end || Q <- "
        "rabbit_amqqueue:list(<<\"" +
        fixture.vhost + "\">>)], \"\"");
    eventually([&] { return shared_broker().queue("x.reader", fixture.vhost)->consumers == 0; });
    publish(fixture, 1, 5);
    eventually([&] { return arrivals.count() == 5; });
    CHECK_THAT(c.state().connection.last_error, Catch::Matchers::ContainsSubstring("nothing reaches the consumer"));
    eventually([&] { return fixture.messages("x.reader") == 0; });
}

TEST_CASE("a consumer detects with a probe that messages do not arrive although the broker counts them as delivered") {
    vhost_fixture fixture;
    publisher_log t;
    publisher p{settings_for(fixture.url), {one_queue(), "x"}, 500, t.callbacks(), fixture.services};
    p.start();
    inbox arrivals{inbox::acknowledgment::immediate};
    consumer c{settings_for(fixture.url), probing_reader(p), arrivals.callback(), fixture.services};
    arrivals.source = &c;
    c.start();
    eventually([&] { return role_of(c) == consumer::role::active; });
    p.send({order(100)}); // the consumer sends no probes before it has received a message
    eventually([&] { return arrivals.ids().size() == 1; });
    // Suspends the broker's channel, an Erlang process that passes messages from the queue to the connection. The queue still
    // counts a consumer then, and counts messages as delivered to that consumer.
    const auto channel = "[Channel] = [Pid || Pid <- rabbit_channel:list(), [{consumer_count, 1}, {vhost, <<\"" +
                         fixture.vhost + "\">>}] =:= rabbit_channel:info(Pid, [consumer_count, vhost])], ";
    const auto pid = shared_broker().evaluate(channel + "ok = sys:suspend(Channel), pid_to_list(Channel)");
    p.send(orders(1, 5));
    eventually([&] { return shared_broker().queue("x.reader", fixture.vhost)->unacknowledged >= 5; });
    eventually([&] { return c.state().connection.reconnects > 0 || !c.state().connection.connected_since; });
    shared_broker().evaluate("exit(list_to_pid(\"" + pid + "\"), kill), \"\"");
    eventually([&] { return arrivals.ids().size() == 6; });
    eventually([&] { return fixture.messages("x.reader") == 0; });
    c.stop(from_now(10s));
}
