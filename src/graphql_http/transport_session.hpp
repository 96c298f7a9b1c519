#pragma once

#include "transport_message.hpp"

#include <base/awaitable.hpp>
#include <base/wakeup.hpp>
#include <graphql/engine.hpp>
#include <http/web_socket.hpp>

#include <boost/asio/cancellation_signal.hpp>

#include <graphql_http/endpoint.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>

namespace atrium::graphql_http {

/// One client that speaks `graphql-transport-ws`, from its first message to its last. Each operation is a coroutine of its own
/// on the socket's thread, and reads on only while the client takes what was sent: a slow one costs no memory, and is closed
/// after `settings::slow_reader`.
class transport_session {
public:
    /// Everything outlives it.
    transport_session(const graphql::engine& engine, const settings& s, const graphql::context& c, http::web_socket& socket,
                      executor on)
        : engine_{engine}, settings_{s}, context_{c}, socket_{socket}, on_{on}, task_ended_{on} {}

    /// Until the socket closes; once.
    awaitable<> run();

private:
    /// What runs beside `run`, and can be stopped.
    struct task {
        asio::cancellation_signal stop;
        bool stopped = false; ///< nothing is told of it any more
    };

    awaitable<> converse();
    void take(client_message message);
    void take(connection_init);
    void take(const ping& p);
    void take(pong) {}
    void take(subscribe s);
    void take(const complete& c);

    awaitable<> limit_init();
    awaitable<> operate(std::string id, graphql::request wanted, std::shared_ptr<task> self);
    awaitable<> execute(const std::string& id, graphql::operation o, const task& self);
    awaitable<> follow(const std::string& id, graphql::operation o, const task& self);
    awaitable<> say(const task& by, std::string message);
    awaitable<> wait_for_room();

    void start(std::shared_ptr<task> t, awaitable<> work);
    static void stop(task& t);
    awaitable<> stop_all();

    const graphql::engine& engine_;
    const settings& settings_;
    const graphql::context& context_;
    http::web_socket& socket_;
    executor on_;       ///< the socket's
    bool init_ = false; ///< the client has introduced itself

    std::map<std::string, std::shared_ptr<task>, std::less<>> operations_; ///< that run, by the client's ids
    std::set<std::shared_ptr<task>> tasks_;                                ///< all that run, also those that were told to stop
    wakeup task_ended_;
};

} // namespace atrium::graphql_http
