#pragma once

#include "client_computation.hpp"
#include "keyed_execution.hpp"
#include "transport_message.hpp"

#include <access/authenticator.hpp>
#include <base/awaitable.hpp>
#include <base/notification.hpp>
#include <graphql/engine.hpp>
#include <graphql_http/endpoint.hpp>
#include <http/memory_budget.hpp>
#include <http/web_socket.hpp>

#include <boost/asio/cancellation_signal.hpp>

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace atrium::graphql_http {

/// One client that speaks `graphql-transport-ws`, from its first message to its last. Each operation is a separate coroutine on
/// the socket's thread and continues only when the client has read enough of what was sent before. So the memory for a slow
/// client is limited. The connection is closed if the client reads nothing for `settings::slow_reader` while a message waits.
///
/// When the server shuts down, subscriptions end immediately. Queries and mutations run to their end, and their responses are
/// sent, because a client that reconnects repeats each operation whose end it has not received.
class transport_session {
public:
    /// The client that the session belongs to, and the limits of all clients.
    struct session_owner {
        client_limits& limits;
        client_budget::payer client;
        idempotency::key_store* keys;         ///< if null, idempotency keys have no effect
        access::authenticator* authenticator; ///< if null, every client may do everything
        std::optional<std::uint64_t> address; ///< the address of the client, in the form of `access::credentials`
    };

    /// All references and pointers must outlive the session.
    transport_session(const graphql::engine& engine, const settings& s, const graphql::context& c, http::web_socket& socket,
                      http::memory_budget* memory, session_owner owner, executor socket_executor)
        : engine_{engine}, settings_{s}, context_{c}, socket_{socket}, memory_{memory}, owner_{owner},
          executor_{socket_executor}, task_ended_{socket_executor} {}

    /// Runs until the socket closes or the server shuts down, and all operations have ended. May be called once.
    awaitable<> run();

private:
    /// A coroutine that runs beside `run` and can be stopped.
    struct task {
        asio::cancellation_signal stop;
        bool is_endless = false; ///< stopped at shutdown, while other tasks run to their end
        bool is_stopped = false; ///< no more messages are sent for the task
    };

    awaitable<> read_messages();
    /// Returns the immediate reply; empty if there is none.
    awaitable<std::string> handle_text(std::string_view text);
    /// Errors: malformed; unavailable if there is not enough memory.
    awaitable<result<client_message>> read(std::string_view text);
    awaitable<> read_document(client_message& message);
    awaitable<bool> identify(const connection_init& message);
    // Each of these functions handles a message, and returns the immediate reply; empty if there is none.
    [[nodiscard]] std::string handle(client_message message);
    [[nodiscard]] std::string handle(connection_init);
    [[nodiscard]] std::string handle(const ping& p);
    [[nodiscard]] std::string handle(pong) { return {}; }
    [[nodiscard]] std::string handle(subscribe s);
    [[nodiscard]] std::string handle(const complete& c);
    /// Closes the socket. Returns an empty reply.
    [[nodiscard]] std::string refuse(std::uint16_t code, std::string_view reason);

    [[nodiscard]] client_computation begin_computation() const { return {owner_.limits, owner_.client}; }

    /// Closes the socket unless the client sends connection_init in time.
    awaitable<> limit_init();
    awaitable<> pause_reading();
    /// The message with the outcome of an operation. If the operation ran, the message contains its result, and the message
    /// `complete` follows. If it did not run, the message contains the error, and no other message follows.
    struct outcome {
        std::string message;
        bool is_last = false;
    };
    using operation_key = std::optional<idempotency::request_key>;

    awaitable<> run_operation(std::string id, graphql::operation o, operation_key key, std::shared_ptr<task> self,
                              http::memory_lease operation_memory);
    /// Runs a query or a mutation.
    awaitable<> execute(const std::string& id, graphql::operation o, operation_key key, const task& self);
    awaitable<outcome> answer(const std::string& id, graphql::operation o, operation_key key, computation& work);
    /// Sends the responses of a subscription until it ends.
    awaitable<> follow(const std::string& id, graphql::operation o, const task& self);
    awaitable<> send_message(const task& sender, std::string message);
    awaitable<> send_message(std::string message);
    awaitable<> wait_for_turn_to_send(std::size_t size);

    void start(std::shared_ptr<task> t, awaitable<> work);
    static void stop(task& t);
    awaitable<> finish();
    awaitable<> stop_all();

    const graphql::engine& engine_;
    const settings& settings_;
    graphql::context context_;
    http::web_socket& socket_;
    http::memory_budget* memory_; ///< if null, there is no limit
    const session_owner owner_;
    executor executor_;     ///< the executor of the socket
    bool has_init_ = false; ///< the client has sent connection_init

    std::map<std::string, std::shared_ptr<task>, std::less<>> operations_; ///< the running operations, by the client's ids
    std::set<std::shared_ptr<task>> tasks_; ///< all tasks that run, including those that are stopping
    notification task_ended_;
    std::size_t waiting_bytes_ = 0;      ///< bytes of messages that wait for space in the socket
    std::list<notification> send_queue_; ///< messages that wait to be sent; the first one is next
};

} // namespace atrium::graphql_http
