#include <base/notification.hpp>
#include <support/held_port.hpp>
#include <support/tcp_gate.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <future>
#include <memory>
#include <set>
#include <thread>

namespace atrium::support {
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// Makes an operation return its error instead of throwing it.
constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

/// A client's connection to the gate, and the gate's connection to the server for this client.
struct passage {
    explicit passage(tcp::socket accepted_socket) : client{std::move(accepted_socket)}, server{client.get_executor()} {}

    /// Sends a reset to both ends.
    void reset() {
        for (auto* socket : {&client, &server}) {
            boost::system::error_code ignored;
            socket->set_option(tcp::socket::linger{true, 0}, ignored);
            socket->close(ignored);
        }
    }

    tcp::socket client;
    tcp::socket server;
    int directions = 2; ///< number of directions that still pass bytes
};

} // namespace

/// Implements the gate. All state is used on `thread_` only, except by the constructor.
class tcp_gate::engine {
public:
    explicit engine(std::uint16_t target) : target_{asio::ip::address_v4::loopback(), target} {
        listen();
        asio::co_spawn(context_, serve(), asio::detached);
        thread_ = std::jthread{[this] { context_.run(); }};
    }

    ~engine() {
        context_.stop();
        thread_.join();
    }
    engine(const engine&) = delete;
    engine& operator=(const engine&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_.number(); }

    /// Runs a function on the gate's thread and waits until it has ended.
    template <class Function>
    void on_thread(Function function) {
        std::packaged_task<void()> task{std::move(function)};
        asio::post(context_, [&task] { task(); });
        task.get_future().get();
    }

    void listen() {
        if (acceptor_.is_open())
            return;
        acceptor_.open(tcp::v4());
        acceptor_.set_option(tcp::acceptor::reuse_address{true});
        acceptor_.bind({asio::ip::address_v4::loopback(), port_.number()});
        acceptor_.listen();
        changed_.notify();
    }

    void cut() {
        acceptor_.close();
        for (const auto& each : passages_)
            each->reset();
        changed_.notify();
    }

    void set_flow(bool is_swallowing, std::chrono::milliseconds delay) {
        is_swallowing_ = is_swallowing;
        delay_ = delay;
        changed_.notify();
    }

    [[nodiscard]] std::size_t connections() const { return passages_.size(); }

private:
    asio::awaitable<void> serve() {
        for (;;) {
            while (!acceptor_.is_open())
                co_await changed_.wait();
            auto [failure, client] = co_await acceptor_.async_accept(quietly);
            if (failure)
                continue;
            const auto pair = std::make_shared<passage>(std::move(client));
            if (!acceptor_.is_open()) { // the gate was cut while it accepted the connection
                pair->reset();
                continue;
            }
            passages_.insert(pair);
            asio::co_spawn(context_, connect(pair), asio::detached);
        }
    }

    asio::awaitable<void> connect(std::shared_ptr<passage> pair) {
        const auto [failure] = co_await pair->server.async_connect(target_, quietly);
        if (failure) {
            pair->reset();
            passages_.erase(pair);
            co_return;
        }
        asio::co_spawn(context_, pump(pair, pair->client, pair->server), asio::detached);
        asio::co_spawn(context_, pump(pair, pair->server, pair->client), asio::detached);
    }

    /// Passes bytes in one direction, from `source` to `target`, which are the sockets of the pair.
    asio::awaitable<void> pump(std::shared_ptr<passage> pair, tcp::socket& source, tcp::socket& target) {
        std::array<char, 16384> bytes;
        for (;;) {
            const auto [read_failure, count] = co_await source.async_read_some(asio::buffer(bytes), quietly);
            co_await wait_to_pass(*pair);
            if (read_failure == asio::error::eof) {
                boost::system::error_code ignored;
                target.shutdown(tcp::socket::shutdown_send, ignored);
                break;
            }
            const auto [write_failure, written] = co_await asio::async_write(target, asio::buffer(bytes, count), quietly);
            if (read_failure || write_failure) {
                pair->reset();
                break;
            }
        }
        if (--pair->directions == 0)
            passages_.erase(pair);
    }

    /// Waits for the delay, and then until the gate does not swallow bytes any more or has cut the connection.
    asio::awaitable<void> wait_to_pass(passage& pair) {
        if (delay_ > delay_.zero()) {
            asio::steady_timer timer{context_, delay_};
            co_await timer.async_wait(quietly);
        }
        while (is_swallowing_ && pair.client.is_open())
            co_await changed_.wait();
    }

    held_port port_;
    tcp::endpoint target_;
    asio::io_context context_{1};
    tcp::acceptor acceptor_{context_};
    notification changed_{context_.get_executor()};
    std::set<std::shared_ptr<passage>> passages_;
    bool is_swallowing_ = false;
    std::chrono::milliseconds delay_{0};
    std::jthread thread_;
};

tcp_gate::tcp_gate(std::uint16_t target) : engine_{std::make_unique<engine>(target)} {}

tcp_gate::~tcp_gate() = default;

std::uint16_t tcp_gate::port() const noexcept {
    return engine_->port();
}

void tcp_gate::cut() {
    engine_->on_thread([this] { engine_->cut(); });
}

void tcp_gate::open() {
    engine_->on_thread([this] { engine_->listen(); });
}

void tcp_gate::swallow() {
    engine_->on_thread([this] { engine_->set_flow(true, {}); });
}

void tcp_gate::delay(std::chrono::milliseconds duration) {
    engine_->on_thread([this, duration] { engine_->set_flow(false, duration); });
}

void tcp_gate::pass() {
    engine_->on_thread([this] { engine_->set_flow(false, {}); });
}

std::size_t tcp_gate::connections() const {
    std::size_t number = 0;
    engine_->on_thread([&] { number = engine_->connections(); });
    return number;
}

} // namespace atrium::support
