#include "transport_session.hpp"

#include "parameters.hpp"
#include "response_memory.hpp"

#include <base/run_queue.hpp>
#include <base/timer.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace atrium::graphql_http {
namespace {

constexpr std::chrono::milliseconds pause_without_budget{100};

/// An entry in the queue of messages that wait to be sent. When the first entry leaves the queue, it wakes the next one.
class queue_entry {
public:
    queue_entry(std::list<notification>& queue, const executor& socket_executor)
        : queue_{queue}, position_{queue.emplace(queue.end(), socket_executor)} {}
    ~queue_entry() {
        const bool was_first = is_first();
        queue_.erase(position_);
        if (was_first && !queue_.empty())
            queue_.front().notify();
    }
    queue_entry(const queue_entry&) = delete;
    queue_entry& operator=(const queue_entry&) = delete;

    [[nodiscard]] bool is_first() const { return position_ == queue_.begin(); }
    [[nodiscard]] auto wait() { return position_->wait(); }

private:
    std::list<notification>& queue_;
    std::list<notification>::iterator position_;
};

/// Adds the size of a message to the total of all waiting messages while this object lives.
class waiting_bytes {
public:
    waiting_bytes(std::size_t& total, std::size_t size) noexcept : total_{total}, size_{size} { total_ += size_; }
    ~waiting_bytes() { total_ -= size_; }
    waiting_bytes(const waiting_bytes&) = delete;
    waiting_bytes& operator=(const waiting_bytes&) = delete;

private:
    std::size_t& total_;
    const std::size_t size_;
};

std::uint16_t close_code_of(const error& e) {
    return e.code == errc::unavailable ? http::close_code::try_again_later : transport_close::invalid_message;
}

} // namespace

awaitable<> transport_session::run() {
    if (socket_.subprotocol() != transport_protocol) {
        socket_.close(transport_close::subprotocol_not_acceptable, "Subprotocol not acceptable");
        co_return;
    }
    std::exception_ptr failure;
    try {
        auto init_limit = std::make_shared<task>();
        init_limit->is_endless = true;
        start(std::move(init_limit), limit_init());
        co_await read_messages();
        if (socket_.is_open())
            co_await finish();
    } catch (...) {
        failure = std::current_exception();
    }
    // Running operations refer to this session and its socket, so even a cancelled session waits for their end.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await stop_all();
    if (failure)
        std::rethrow_exception(failure);
}

awaitable<> transport_session::read_messages() {
    auto& queue = run_queue::of(executor_.context());
    while (const auto text = co_await socket_.receive()) {
        if (queue.is_over())
            co_await queue.wait(run_queue::rank::continued);
        co_await wait_for_turn_to_send(0); // do not begin more operations for a client that does not read
        if (!socket_.is_open())
            co_return;
        const auto begin = run_queue::clock::now();
        auto reply = co_await handle_text(*text);
        if (!socket_.is_open())
            co_return;
        const auto end = run_queue::clock::now();
        queue.count(begin, end); // includes what the operation computed before its first wait
        if (!reply.empty())
            co_await send_message(std::move(reply));
        if (owner_.limits.budget.refuse(owner_.client, end)) [[unlikely]]
            co_await pause_reading();
        // An operation that the client has stopped with `complete` may take some time to end, during which the client could
        // begin any number of others. So the number of tasks is limited: to twice `settings::operations`, for those that run
        // and those that are ending, plus the task of `limit_init`.
        while (tasks_.size() > 2 * settings_.operations + 1)
            co_await task_ended_.wait();
    }
}

awaitable<std::string> transport_session::handle_text(std::string_view text) {
    const auto work = begin_computation();
    auto message = co_await read(text);
    if (message)
        co_await read_document(*message);
    if (const auto* init = message ? std::get_if<connection_init>(&*message) : nullptr; init && !has_init_)
        if (!co_await identify(*init))
            co_return refuse(transport_close::forbidden, "Forbidden");
    if (!socket_.is_open())
        co_return std::string{};
    co_return message ? handle(*std::move(message)) : refuse(close_code_of(message.error()), message.error().detail);
}

/// While a large message is parsed, other coroutines run and may parse large messages too, so each takes memory from the
/// budget.
awaitable<result<client_message>> transport_session::read(std::string_view text) {
    if (text.size() <= max_bytes_per_step)
        co_return co_await read_message(text);
    const auto memory = take_for_request(memory_, text.size());
    if (!memory)
        co_return error{.code = errc::unavailable, .detail = "the server is short of memory"};
    co_return co_await read_message(text);
}

/// Determines the client's principal from the credential in the handshake or in this message. Returns false if the client may
/// not use the socket.
awaitable<bool> transport_session::identify(const connection_init& message) {
    if (!owner_.authenticator)
        co_return true;
    if (!message.authorization.empty()) {
        context_.principal =
            co_await owner_.authenticator->authenticate({.authorization = message.authorization, .address = owner_.address});
        socket_.set_principal(context_.principal);
    }
    co_return context_.principal != nullptr;
}

/// Parses and validates the document of a `subscribe` message in advance, unless the message will be refused anyway.
awaitable<> transport_session::read_document(client_message& message) {
    auto* s = std::get_if<subscribe>(&message);
    if (s && has_init_ && !owner_.limits.budget.refuse(owner_.client, run_queue::clock::now()))
        co_await engine_.read_document(s->request);
}

std::string transport_session::handle(client_message message) {
    return std::visit([this](auto&& typed_message) { return handle(std::forward<decltype(typed_message)>(typed_message)); },
                      std::move(message));
}

std::string transport_session::handle(connection_init) {
    if (std::exchange(has_init_, true))
        return refuse(transport_close::too_many_inits,
                      "Too many initialisation requests"); // style: as is (the protocol's text)
    return connection_ack_message();
}

std::string transport_session::handle(const ping& p) {
    return pong_message(p.payload);
}

std::string transport_session::handle(subscribe s) {
    if (!has_init_)
        return refuse(transport_close::unauthorized, "Unauthorized");
    if (operations_.contains(s.id))
        return refuse(transport_close::already_exists, "Subscriber for " + s.id + " already exists");
    if (operations_.size() >= settings_.operations) {
        const auto detail =
            "this connection already has " + std::to_string(operations_.size()) + " operations, which is the maximum";
        return error_message(s.id, error_body({.code = errc::unavailable, .detail = detail}, "LIMIT_EXCEEDED"));
    }
    if (const auto why = owner_.limits.refuse(owner_.client))
        return error_message(s.id, error_body(*why, graphql::rate_limited));
    auto prepared = prepare(engine_, s.request);
    if (!prepared)
        return error_message(s.id, prepared.error().body);
    const bool is_endless = prepared->type() == graphql::ast::operation_type::subscription;
    auto taken = is_endless ? take_for_subscription(memory_) : take_for_request(memory_, s.size);
    if (!taken)
        return error_message(s.id, out_of_memory_body());
    auto t = std::make_shared<task>();
    t->is_endless = is_endless;
    operations_.emplace(s.id, t);
    auto key = owner_.keys ? key_of(*prepared, s.request, context_.principal.get()) : std::nullopt;
    start(t, run_operation(std::move(s.id), *std::move(prepared), std::move(key), t, *std::move(taken)));
    return {};
}

std::string transport_session::handle(const complete& c) {
    const auto found = operations_.find(c.id);
    if (found == operations_.end())
        return {}; // the operation has ended already
    const auto t = std::move(found->second);
    operations_.erase(found);
    stop(*t);
    return {};
}

std::string transport_session::refuse(std::uint16_t code, std::string_view reason) {
    socket_.close(code, reason);
    return {};
}

awaitable<> transport_session::limit_init() {
    steady_timer timer{executor_, settings_.init};
    co_await timer.async_wait(use_awaitable);
    if (!has_init_)
        socket_.close(transport_close::init_timeout, "Connection initialisation timeout"); // style: as is (the protocol's text)
}

/// Slows down reading from a client that has used up its budget, because parsing its messages takes computing time as well.
awaitable<> transport_session::pause_reading() {
    steady_timer pause{executor_, pause_without_budget};
    co_await pause.async_wait(use_awaitable);
}

/// `operation_memory` is the memory that the operation keeps until it ends, in addition to its responses.
awaitable<> transport_session::run_operation(std::string id, graphql::operation o, operation_key key,
                                             std::shared_ptr<task> self, [[maybe_unused]] http::memory_lease operation_memory) {
    if (o.type() == graphql::ast::operation_type::subscription)
        co_await follow(id, std::move(o), *self);
    else
        co_await execute(id, std::move(o), std::move(key), *self);
    if (!self->is_stopped)
        operations_.erase(id);
}

awaitable<> transport_session::execute(const std::string& id, graphql::operation o, operation_key key, const task& self) {
    auto work = begin_computation();
    auto memory = co_await take_for_response(memory_, engine_, o);
    if (!memory) {
        work.end_slice();
        co_return co_await send_message(self, error_message(id, out_of_memory_body()));
    }
    auto answered = co_await answer(id, std::move(o), std::move(key), work);
    work.end_slice();
    memory->resize(answered.message.size());
    co_await send_message(self, std::move(answered.message));
    memory.reset(); // the socket counts the message now
    if (!answered.is_last)
        co_await send_message(self, complete_message(id));
}

/// Returns only the message, which contains the response, so that the response is not kept twice while the message waits.
awaitable<transport_session::outcome> transport_session::answer(const std::string& id, graphql::operation o, operation_key key,
                                                                computation& work) {
    auto c = context_;
    c.work = &work;
    if (key) [[unlikely]] {
        const execution execute = [&](graphql::context keyed_context) { return engine_.execute(o, std::move(keyed_context)); };
        const auto result = co_await execute_with_key(*owner_.keys, *std::move(key), std::move(c), execute);
        if (!result)
            co_return outcome{error_message(id, key_refusal_body(result.error())), true};
        co_return outcome{next_message(id, result->body)};
    }
    const auto result = co_await engine_.execute(std::move(o), std::move(c));
    co_return outcome{next_message(id, result.body)};
}

awaitable<> transport_session::follow(const std::string& id, graphql::operation o, const task& self) {
    auto memory = empty_lease(memory_);
    auto work = begin_computation();
    auto admit = make_admission(memory_, engine_, o, memory, work);
    auto c = context_;
    c.work = &work;
    const auto responses = co_await engine_.subscribe(std::move(o), std::move(c), std::move(admit));
    work.end_slice();
    if (!responses)
        co_return co_await send_message(self, error_message(id, responses.error().body));
    while (socket_.is_open()) {
        auto next = co_await (*responses)->next();
        work.end_slice();
        if (!next)
            co_return co_await send_message(self, complete_message(id));
        auto message = next_message(id, next->body);
        next.reset();
        memory.resize(message.size());
        co_await send_message(self, std::move(message));
        memory.resize(0);
    }
}

/// Sends nothing if the operation has been stopped: the client may already use its id for another operation.
awaitable<> transport_session::send_message(const task& sender, std::string message) {
    co_await wait_for_turn_to_send(message.size());
    if (!sender.is_stopped)
        socket_.send(std::move(message));
}

awaitable<> transport_session::send_message(std::string message) {
    co_await wait_for_turn_to_send(message.size());
    socket_.send(std::move(message));
}

/// Waits until the socket has space for a message of `size` bytes, or is closing. Messages wait in one queue, so that a large
/// one is not overtaken by many small ones. No other coroutine runs between the return of this function and the caller's next
/// step, so the space is still available then.
awaitable<> transport_session::wait_for_turn_to_send(std::size_t size) {
    if (send_queue_.empty() && socket_.has_room(size))
        co_return;
    queue_entry entry{send_queue_, executor_};
    const waiting_bytes bytes{waiting_bytes_, size};
    socket_.set_waiting(waiting_bytes_);
    while (socket_.is_open() && !entry.is_first())
        co_await entry.wait();
    (void)co_await socket_.wait_for_room(size);
    socket_.set_waiting(waiting_bytes_ - size);
}

void transport_session::start(std::shared_ptr<task> t, awaitable<> work) {
    tasks_.insert(t);
    auto ended = [this, t](const std::exception_ptr& failure) {
        if (failure && !t->is_stopped) {
            context_.log.error("an operation on a WebSocket failed", {{"reason", reason_of(failure)}});
            socket_.close(http::close_code::internal_error, "Internal server error");
        }
        tasks_.erase(t);
        task_ended_.notify();
    };
    asio::co_spawn(executor_, std::move(work), asio::bind_cancellation_slot(t->stop.slot(), std::move(ended)));
}

void transport_session::stop(task& t) {
    t.is_stopped = true;
    t.stop.emit(asio::cancellation_type::terminal);
}

/// Called at shutdown: stops endless tasks and waits for the others, so that the client gets their results.
awaitable<> transport_session::finish() {
    for (const auto& each : std::set{tasks_})
        if (each->is_endless)
            stop(*each);
    while (!tasks_.empty())
        co_await task_ended_.wait();
}

awaitable<> transport_session::stop_all() {
    for (const auto& each : std::set{tasks_})
        stop(*each);
    while (!tasks_.empty())
        co_await task_ended_.wait();
}

} // namespace atrium::graphql_http
