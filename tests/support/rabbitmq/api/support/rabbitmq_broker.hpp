#pragma once

#include <support/certificates.hpp>
#include <support/held_port.hpp>
#include <support/process.hpp>
#include <support/temporary_directory.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::support {

/// A queue as the broker itself counts it, at this moment.
struct broker_queue {
    std::string name;
    bool quorum = false;
    std::int64_t ready = 0;          ///< messages that wait for a consumer
    std::int64_t unacknowledged = 0; ///< messages that a consumer holds
    std::int64_t consumers = 0;      ///< those who stand by included

    [[nodiscard]] std::int64_t messages() const noexcept { return ready + unacknowledged; }
};

/// A real RabbitMQ node of its own on loopback: own ports, own port mapper (epmd), own files, no plugins; it shares nothing
/// with another node of this machine. Its ports and files last as long as the object: it can be stopped, killed and started
/// again. Ended with the object, and by the kernel where the thread that started it ends before. One thread.
///
/// If ATRIUM_RABBITMQ_ROOT names a folder with another Debian, that one's RabbitMQ runs, by chroot: root only, and the folder
/// for temporary files must be the same inside (`./dev test-rabbitmq4` sees to both).
class rabbitmq_broker {
public:
    enum class tls { off, on };

    /// Starts it. `settings` are further lines of rabbitmq.conf.
    explicit rabbitmq_broker(tls encryption = tls::off, std::string settings = {});
    /// Starts it as another node of the cluster of `first`, which outlives it. Its ports are its own.
    struct joins {
        rabbitmq_broker& first;
    };
    explicit rabbitmq_broker(joins cluster);
    ~rabbitmq_broker();

    /// Waits until clients are served; some seconds.
    void start();
    /// In order: what is acknowledged and durable is there after the next start.
    void stop();
    /// kill -9 of the node.
    void kill();
    void restart();
    [[nodiscard]] bool runs();
    /// Of the node's process (beam.smp).
    [[nodiscard]] pid_t id() const { return server_->id(); }

    [[nodiscard]] std::uint16_t port() const noexcept { return amqp_.number(); }
    /// amqp://guest:guest@127.0.0.1:PORT/VHOST
    [[nodiscard]] std::string url(std::string_view vhost = "/") const;
    /// As above through another port (a gate's), and with other credentials.
    [[nodiscard]] std::string url_through(std::uint16_t port, std::string_view vhost = "/",
                                          std::string_view credentials = "guest:guest") const;
    /// amqps://guest:guest@localhost:PORT/; only with tls::on, as `authority`.
    [[nodiscard]] std::string tls_url() const;
    /// The certificate that a client has to trust.
    [[nodiscard]] std::filesystem::path authority() const { return certificates_->authority(); }

    /// A virtual host for one test case: exchanges and queues of its own. Its name.
    std::string new_vhost();

    /// 3, 4...
    [[nodiscard]] int major_version();

    /// Waits a while, where one of them is being declared or elects its leader. Throws where it stays without.
    [[nodiscard]] std::vector<broker_queue> queues(std::string_view vhost = "/");
    [[nodiscard]] std::optional<broker_queue> queue(std::string_view name, std::string_view vhost = "/");
    /// Whether no queue has a message. Not where that cannot be told: one is being declared, say, or elects its leader.
    [[nodiscard]] bool is_empty(std::string_view vhost = "/");
    /// Whether each replicated (quorum) queue has so many replicas that are in contact. Other queues, such as those of one
    /// connection, are on one node by their nature and are not asked. False if it cannot be read now, as in
    /// an election.
    [[nodiscard]] bool has_replicas(int number, std::string_view vhost = "/");

    /// Waits until the queue has a consumer. A queue that is deleted while it is being declared may leave a process behind in
    /// the broker, and then cannot be declared again (docs/rabbitmq.md, known limits).
    void await_consumer(std::string_view queue, std::string_view vhost = "/");

    /// Makes it remember the queues that it has, as it does by itself half a second after their declaration: RabbitMQ 3.10 that
    /// is killed before that starts a quorum queue without its messages, and without a leader.
    void keep_queues();

    /// On: publishers are blocked (connection.blocked) until it is off again. A restart ends it as well.
    void set_memory_alarm(bool on);

    /// `rabbitmqctl` with these arguments, for this node: what it prints. About a second. Throws where it fails.
    std::string control(const std::vector<std::string>& arguments);

    /// Evaluates an Erlang expression inside the node; its value must be text. Milliseconds. Throws where it fails.
    std::string evaluate(std::string_view expression);

    /// What it has logged since it was made; it writes it with a delay.
    [[nodiscard]] std::string log() const;

private:
    [[nodiscard]] std::vector<std::string> in_its_environment(const std::vector<std::string>& command) const;
    void write_configuration() const;
    [[nodiscard]] std::vector<broker_queue> count_queues(std::string_view vhost, std::string_view condition_on_name);
    [[nodiscard]] bool is_ready();

    temporary_directory folder_;
    held_port amqp_;
    held_port amqps_;
    held_port distribution_;
    std::shared_ptr<held_port> port_mapper_ = std::make_shared<held_port>(); ///< one for all nodes of a cluster
    std::string node_;
    std::string settings_;
    std::unique_ptr<certificates> certificates_;
    std::shared_ptr<process> epmd_;
    std::unique_ptr<process> server_;
    int vhosts_ = 0;
    int evaluations_ = 0;
};

/// The broker that all test cases of a program share, so that only the first waits for a start; a `TOGETHER` program of CMake.
/// Started again where a test case left it stopped.
[[nodiscard]] rabbitmq_broker& shared_broker();

} // namespace atrium::support
