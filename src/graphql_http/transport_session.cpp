#include "transport_session.hpp"

#include "parameters.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <exception>
#include <utility>

namespace atrium::graphql_http {
namespace {

/// Whether a coroutine ended because it was told to.
bool is_cancellation(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const boost::system::system_error& e) {
        return e.code() == asio::error::operation_aborted;
    } catch (...) {
        return false;
    }
}

} // namespace

awaitable<> transport_session::run() {
    std::exception_ptr failure;
    try {
        start(std::make_shared<task>(), limit_init());
        co_await converse();
    } catch (...) {
        failure = std::current_exception();
    }
    co_await stop_all();
    if (failure)
        std::rethrow_exception(failure);
}

awaitable<> transport_session::converse() {
    while (const auto text = co_await socket_.receive()) {
        auto message = read_message(*text);
        if (message)
            take(*std::move(message));
        else
            socket_.close(transport_close::invalid_message, message.error().detail);
    }
}

void transport_session::take(client_message message) {
    std::visit([this](auto&& one) { take(std::forward<decltype(one)>(one)); }, std::move(message));
}

void transport_session::take(connection_init) {
    if (std::exchange(init_, true))
        return socket_.close(transport_close::too_many_inits, "Too many initialisation requests");
    socket_.send(connection_ack_message());
}

void transport_session::take(const ping& p) {
    socket_.send(pong_message(p.payload));
}

void transport_session::take(subscribe s) {
    if (!init_)
        return socket_.close(transport_close::unauthorized, "Unauthorized");
    if (operations_.contains(s.id))
        return socket_.close(transport_close::already_exists, "Subscriber for " + s.id + " already exists");
    if (operations_.size() >= settings_.operations) {
        const auto detail =
            "this connection has " + std::to_string(operations_.size()) + " operations already, which is all it may";
        return refuse(s.id, {graphql::refusal_reason::limit, error_body({.code = errc::unavailable, .detail = detail})});
    }
    auto t = std::make_shared<task>();
    operations_.emplace(s.id, t);
    start(t, operate(std::move(s.id), std::move(s.request), t));
}

void transport_session::take(const complete& c) {
    const auto found = operations_.find(c.id);
    if (found == operations_.end())
        return; // it has just ended by itself
    const auto t = std::move(found->second);
    operations_.erase(found);
    t->stopped = true;
    t->stop.emit(asio::cancellation_type::terminal);
}

awaitable<> transport_session::limit_init() {
    steady_timer patience{on_, settings_.init};
    co_await patience.async_wait(use_awaitable);
    if (!init_)
        socket_.close(transport_close::init_timeout, "Connection initialisation timeout");
}

awaitable<> transport_session::operate(std::string id, graphql::request wanted, std::shared_ptr<task> self) {
    auto prepared = engine_.prepare(wanted);
    if (!prepared)
        refuse(id, prepared.error());
    else
        co_await respond(id, *std::move(prepared), *self);
    if (!self->stopped)
        operations_.erase(id);
}

awaitable<> transport_session::respond(const std::string& id, graphql::operation o, const task& self) {
    if (o.type() != graphql::ast::operation_type::subscription) {
        const auto done = co_await engine_.execute(std::move(o), context_);
        if (!self.stopped && co_await room())
            socket_.send(next_message(id, done.body));
    } else {
        const auto responses = co_await engine_.subscribe(std::move(o), context_);
        if (!responses)
            co_return refuse(id, {graphql::refusal_reason::operation, responses.error().body});
        while (co_await room()) {
            const auto next = co_await (*responses)->next();
            if (!next)
                break;
            socket_.send(next_message(id, next->body));
        }
    }
    if (!self.stopped)
        socket_.send(complete_message(id));
}

/// False where the socket is closing, or the client does not read.
awaitable<bool> transport_session::room() {
    using namespace asio::experimental::awaitable_operators;
    steady_timer patience{on_, settings_.slow_reader};
    const auto first = co_await (socket_.wait_for_room() || patience.async_wait(use_awaitable));
    if (first.index() == 0)
        co_return std::get<0>(first);
    socket_.close(http::close_code::try_again_later, "messages were not read in time");
    co_return false;
}

void transport_session::refuse(const std::string& id, const graphql::refusal& why) {
    const auto errors = boost::json::serialize(boost::json::parse(why.body).at("errors"));
    socket_.send(error_message(id, errors));
}

void transport_session::start(std::shared_ptr<task> t, awaitable<> work) {
    ++running_;
    std::erase_if(tasks_, [](const auto& each) { return each.expired(); });
    tasks_.push_back(t);
    auto ended = [this, t](const std::exception_ptr& failure) {
        if (failure && !is_cancellation(failure)) {
            try {
                std::rethrow_exception(failure);
            } catch (const std::exception& e) {
                context_.log.error("an operation on a WebSocket broke off", {{"what", e.what()}});
            } catch (...) {
                context_.log.error("an operation on a WebSocket broke off");
            }
            socket_.close(http::close_code::internal_error, "Internal server error");
        }
        if (--running_ == 0)
            all_ended_.cancel();
    };
    asio::co_spawn(on_, std::move(work), asio::bind_cancellation_slot(t->stop.slot(), std::move(ended)));
}

/// What runs refers to this session and its socket, so it is waited for, whatever happens.
awaitable<> transport_session::stop_all() {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    const auto tasks = std::exchange(tasks_, {});
    for (const auto& each : tasks)
        if (const auto t = each.lock()) {
            t->stopped = true;
            t->stop.emit(asio::cancellation_type::terminal);
        }
    boost::system::error_code ended;
    while (running_ > 0)
        co_await all_ended_.async_wait(asio::redirect_error(use_awaitable, ended));
}

} // namespace atrium::graphql_http
