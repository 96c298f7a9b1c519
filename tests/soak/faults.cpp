#include "faults.hpp"

#include <base/clock.hpp>
#include <support/eventually.hpp>

#include <chrono>
#include <filesystem>
#include <thread>

namespace atrium::soak {
namespace {

using namespace std::chrono_literals;
using support::eventually;

/// Lets a fault last for a random time. This is not a wait for a condition.
void keep_for(std::chrono::milliseconds min, std::chrono::milliseconds max, dice& d) {
    const auto range = static_cast<unsigned>((max - min).count());
    std::this_thread::sleep_for(min + std::chrono::milliseconds{d() % (range + 1)});
}

void kill_broker(scene& s, side&, dice& d) {
    s.broker().kill();
    keep_for(0ms, 3s, d);
    s.broker().start();
}

void stop_broker(scene& s, side&, dice& d) {
    s.broker().stop();
    keep_for(0ms, 3s, d);
    s.broker().start();
}

void cut_connections(scene&, side& target, dice& d) {
    target.gate().cut();
    keep_for(0ms, 3s, d);
    target.gate().open();
}

/// Makes the connections to the broker half-open for a while. The data that is sent in this time arrives late or never.
void leave_connections_half_open(scene&, side& target, dice& d) {
    target.gate().swallow();
    keep_for(500ms, 4s, d);
    if (d() % 2 == 0)
        target.gate().cut();
    target.gate().pass();
    target.gate().open();
}

void kill_server(scene&, side& target, dice& d) {
    target.server().kill();
    keep_for(0ms, 2s, d);
    target.server().start();
}

void stop_server(scene&, side& target, dice& d) {
    target.server().stop();
    keep_for(0ms, 2s, d);
    target.server().start();
}

/// With a full disk, a server may not know whether a change is on the disk. Then it ends, which `may_end_a_server` allows.
void fill_disk(scene&, side& target, dice& d) {
    target.disk().fill();
    eventually([&] {
        try {
            return target.try_to_create().status != 201;
        } catch (const boost::system::system_error&) {
            return true;
        }
    });
    keep_for(0ms, 5s, d);
    target.disk().restore_space();
    eventually([&] {
        try {
            return target.try_to_create().status == 201;
        } catch (const boost::system::system_error&) {
            return !target.server().process().runs();
        }
    });
}

/// Shifts the clock by up to an hour in either direction, until the next shift or the end of the run.
void change_clock(scene&, side& target, dice& d) {
    const std::chrono::seconds offset{static_cast<int>(d() % 7201) - 3600};
    target.time().shift(offset);
    eventually([&] {
        const auto answer = target.try_to_create();
        INFO("answer: " << answer.body);
        REQUIRE(answer.status == 201);
        const auto created_at = parse_rfc3339(
            answer.json().as_object().at(target.name() == "orders" ? "order" : "user").at("created_at").as_string());
        REQUIRE(created_at);
        const auto difference = *created_at - (system_clock{}.now() + offset);
        return difference > -5s && difference < 5s;
    });
    keep_for(0ms, 3s, d);
}

/// The server must detect that its file has been moved, and end. It is started again when the file is back.
void move_file(scene&, side& target, dice&) {
    const auto file = target.server().database();
    auto elsewhere = file;
    elsewhere += ".moved";
    std::filesystem::rename(file, elsewhere);
    eventually([&] { return !target.server().process().runs(); }, 30s);
    CHECK(target.server().process().wait() != 0);
    std::filesystem::rename(elsewhere, file);
    target.server().start();
}

/// Deletes the queue with Erlang code in the broker's node: `rabbitmqctl delete_queue` does the same but takes a second to
/// start.
void delete_immediately(scene& s, const std::string& queue) {
    s.broker().evaluate(support::find_quorum_queue(queue, s.vhost()) +
                        R"({ok, _} = rabbit_amqqueue:delete(Queue, false, false, <<"soak">>), "")");
}

/// Deletes an empty queue while events for it are published. If the queue were not empty, the broker would drop its messages,
/// and Atrium would have to send them again (docs/rabbitmq.md), which this fault does not test. So the publisher is cut off
/// from the broker until the queue is empty. Then the accumulated events arrive together, between the deletion and the next
/// declaration of the queue.
void delete_queue(scene& s, side& target, dice& d) {
    const bool from_orders = &target == &s.orders();
    const std::string queue = from_orders    ? "atrium.events.users.order_statistics"
                              : d() % 2 == 0 ? "atrium.events.orders.user_names"
                                             : "atrium.events.orders.user_departure";
    target.gate().swallow();
    // The queue must be empty ten times in a row, because data that has passed the gate may not have reached the queue yet.
    int empty_checks = 0;
    eventually([&] {
        const auto found = s.broker().queue(queue, s.vhost());
        REQUIRE(found);
        empty_checks = found->messages() == 0 ? empty_checks + 1 : 0;
        return empty_checks == 10;
    });
    // The queue's consumer declares it again, even if the queue is deleted several times.
    for (auto deletions = 1 + d() % 3; deletions > 0; --deletions) {
        s.broker().await_consumer(queue, s.vhost());
        delete_immediately(s, queue);
    }
    target.gate().pass();
    eventually([&] { return s.broker().queue(queue, s.vhost()).has_value(); });
    s.broker().store_queue_list();
}

/// Like `delete_queue`, but without emptying the queue first, so the broker drops messages that it has confirmed but not
/// delivered.
void delete_queue_under_load(scene& s, side&, dice&) {
    const std::string queue = "atrium.events.users.order_statistics";
    s.broker().await_consumer(queue, s.vhost());
    delete_immediately(s, queue);
    eventually([&] { return s.broker().queue(queue, s.vhost()).has_value(); });
    s.broker().store_queue_list();
}

} // namespace

const std::vector<fault>& all_faults() {
    static const std::vector<fault> all{
        {"broker_killed", kill_broker},
        {"broker_stopped", stop_broker},
        {"connection_cut", cut_connections},
        {"connection_half_open", leave_connections_half_open},
        {"queue_deleted", delete_queue},
        {"server_killed", kill_server},
        {"server_stopped", stop_server},
        {"disk_full", fill_disk, true},
        {"clock_changed", change_clock},
        {"file_moved", move_file},
        {"queue_deleted_under_load", delete_queue_under_load, false, true},
    };
    return all;
}

} // namespace atrium::soak
