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

/// How long a fault lasts is random on purpose, and not a wait for anything.
void last(std::chrono::milliseconds shortest, std::chrono::milliseconds longest, dice& d) {
    const auto range = static_cast<unsigned>((longest - shortest).count());
    std::this_thread::sleep_for(shortest + std::chrono::milliseconds{d() % (range + 1)});
}

void kill_broker(scene& s, side&, dice& d) {
    s.broker().kill();
    last(0ms, 3s, d);
    s.broker().start();
}

void stop_broker(scene& s, side&, dice& d) {
    s.broker().stop();
    last(0ms, 3s, d);
    s.broker().start();
}

void cut_connections(scene&, side& hit, dice& d) {
    hit.gate().cut();
    last(0ms, 3s, d);
    hit.gate().open();
}

/// What was swallowed arrives late, or never.
void leave_connections_half_open(scene&, side& hit, dice& d) {
    hit.gate().swallow();
    last(500ms, 4s, d);
    if (d() % 2 == 0)
        hit.gate().cut();
    hit.gate().pass();
    hit.gate().open();
}

void kill_server(scene&, side& hit, dice& d) {
    hit.server().kill();
    last(0ms, 2s, d);
    hit.server().start();
}

void stop_server(scene&, side& hit, dice& d) {
    hit.server().stop();
    last(0ms, 2s, d);
    hit.server().start();
}

/// A server that did not know what was on its disk ends, which it may.
void fill_disk(scene&, side& hit, dice& d) {
    hit.disk().fill();
    eventually([&] {
        try {
            return hit.probe().status != 201;
        } catch (const boost::system::system_error&) {
            return true;
        }
    });
    last(0ms, 5s, d);
    hit.disk().make_room();
    eventually([&] {
        try {
            return hit.probe().status == 201;
        } catch (const boost::system::system_error&) {
            return !hit.server().process().runs();
        }
    });
}

/// Up to an hour in either direction; it stays so until the next time, or the end.
void change_clock(scene&, side& hit, dice& d) {
    const std::chrono::seconds offset{static_cast<int>(d() % 7201) - 3600};
    hit.time().shift(offset);
    eventually([&] {
        const auto made = hit.probe();
        INFO("answer: " << made.body);
        REQUIRE(made.status == 201);
        const auto then =
            parse_rfc3339(made.json().as_object().at(hit.name() == "orders" ? "order" : "user").at("created_at").as_string());
        REQUIRE(then);
        const auto difference = *then - (system_clock{}.now() + offset);
        return difference > -5s && difference < 5s;
    });
    last(0ms, 3s, d);
}

/// The server must notice and end; it is started again when the file is back.
void move_file(scene&, side& hit, dice&) {
    const auto file = hit.server().database();
    auto elsewhere = file;
    elsewhere += ".moved";
    std::filesystem::rename(file, elsewhere);
    eventually([&] { return !hit.server().process().runs(); }, 30s);
    CHECK(hit.server().process().wait() != 0);
    std::filesystem::rename(elsewhere, file);
    hit.server().start();
}

/// By the node itself: `rabbitmqctl delete_queue` does the same, and takes a second to start.
void delete_at_once(scene& s, const std::string& queue) {
    s.broker().evaluate("{ok, Q} = rabbit_amqqueue:lookup(rabbit_misc:r(<<\"" + s.vhost() + "\">>, queue, <<\"" + queue +
                        "\">>)), {ok, _} = rabbit_amqqueue:delete(Q, false, false, <<\"soak\">>), \"\"");
}

/// Deletes a queue that holds nothing while events are published that belong into it. What a queue holds is lost with it, which
/// is the broker's nature and not ours (docs/rabbitmq.md): so the publisher is cut off from the broker, the queue runs dry, and
/// between its deletion and its next declaration everything comes at once that has gathered meanwhile.
void delete_queue(scene& s, side& hit, dice& d) {
    const bool from_orders = &hit == &s.orders();
    const std::string queue = from_orders    ? "atrium.events.users.order_statistics"
                              : d() % 2 == 0 ? "atrium.events.orders.user_names"
                                             : "atrium.events.orders.user_departure";
    hit.gate().swallow();
    int empty_looks = 0; // what the gate let through before may still be on its way into the queue
    eventually([&] {
        const auto found = s.broker().queue(queue, s.vhost());
        REQUIRE(found);
        empty_looks = found->messages() == 0 ? empty_looks + 1 : 0;
        return empty_looks == 10;
    });
    // Whoever receives from it declares it again, also if that goes wrong once more.
    for (auto deletions = 1 + d() % 3; deletions > 0; --deletions) {
        s.broker().await_consumer(queue, s.vhost());
        delete_at_once(s, queue);
    }
    hit.gate().pass();
    eventually([&] { return s.broker().queue(queue, s.vhost()).has_value(); });
    s.broker().keep_queues();
}

/// The same without any care for what it holds: messages that the broker has confirmed and not given out yet go with it.
void delete_queue_under_load(scene& s, side&, dice&) {
    const std::string queue = "atrium.events.users.order_statistics";
    s.broker().await_consumer(queue, s.vhost());
    delete_at_once(s, queue);
    eventually([&] { return s.broker().queue(queue, s.vhost()).has_value(); });
    s.broker().keep_queues();
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
