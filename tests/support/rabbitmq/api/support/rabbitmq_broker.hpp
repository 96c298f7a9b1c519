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

/// The current state of a queue, as the broker reports it.
struct broker_queue {
    std::string name;
    bool quorum = false;
    std::int64_t ready = 0;          ///< messages that wait for a consumer
    std::int64_t unacknowledged = 0; ///< messages that a consumer has received and not acknowledged
    std::int64_t consumers = 0;      ///< including standby consumers

    [[nodiscard]] std::int64_t messages() const noexcept { return ready + unacknowledged; }
};

/// A real RabbitMQ node on 127.0.0.1, without plugins. It has its own ports and files, and its own port mapper (epmd), which
/// only the nodes of its cluster share. Ports and files live as long as the object: the node can be stopped, killed and started
/// again. The destructor kills the node, and the kernel kills it if the thread that started it ends before. For one thread
/// only.
///
/// If the environment variable ATRIUM_RABBITMQ_ROOT is the path of a folder with another Debian, RabbitMQ runs from there with
/// chroot. This requires root, and the folder for temporary files must have the same path and content inside the chroot (`./dev
/// test-rabbitmq4` ensures both).
class rabbitmq_broker {
public:
    enum class tls { off, on };

    /// Starts the node. `settings` are additional lines of rabbitmq.conf.
    explicit rabbitmq_broker(tls encryption = tls::off, std::string settings = {});
    /// The cluster of a node, for the constructor of another node.
    struct cluster_of {
        rabbitmq_broker& first;
    };
    /// Starts another node in the cluster of `cluster.first`, which must outlive this object.
    explicit rabbitmq_broker(cluster_of cluster);
    ~rabbitmq_broker();

    /// Starts the node, which takes some seconds, and waits until it serves clients.
    void start();
    /// Stops the node with SIGTERM. Confirmed durable messages are available after the next start.
    void stop();
    /// Ends the node immediately (SIGKILL).
    void kill();
    void restart();
    [[nodiscard]] bool runs();
    /// The id of the node's process (beam.smp).
    [[nodiscard]] pid_t id() const { return server_->id(); }

    [[nodiscard]] std::uint16_t port() const noexcept { return amqp_.number(); }
    /// Returns amqp://guest:guest@127.0.0.1:PORT/VHOST.
    [[nodiscard]] std::string url(std::string_view vhost = "/") const;
    /// The same URL with another port (such as that of a `tcp_gate`) and other credentials.
    [[nodiscard]] std::string url_through(std::uint16_t port, std::string_view vhost = "/",
                                          std::string_view credentials = "guest:guest") const;
    /// Returns amqps://guest:guest@localhost:PORT/%2F. Requires tls::on, like `authority`.
    [[nodiscard]] std::string tls_url() const;
    /// The certificate that a client must trust.
    [[nodiscard]] std::filesystem::path authority() const { return certificates_->authority(); }

    /// Creates a virtual host for one test case, with its own exchanges and queues, and returns its name.
    std::string new_vhost();

    /// The major version of RabbitMQ, such as 4.
    [[nodiscard]] int major_version();

    /// The state of all queues. Waits up to ten seconds while a queue is being declared or elects its leader; throws if this
    /// takes longer.
    [[nodiscard]] std::vector<broker_queue> queues(std::string_view vhost = "/");
    /// The names of all queues, including queues without a leader.
    [[nodiscard]] std::vector<std::string> queue_names(std::string_view vhost = "/");
    /// The state of one queue; empty if it does not exist. Waits like `queues`.
    [[nodiscard]] std::optional<broker_queue> queue(std::string_view name, std::string_view vhost = "/");
    /// Whether no queue has a message. False if this is unknown, because a queue is being declared or elects its leader.
    [[nodiscard]] bool is_empty(std::string_view vhost = "/");
    /// Whether each replicated (quorum) queue has `number` replicas in contact. Other queues, such as exclusive ones, are
    /// always on one node and are ignored. False if the state cannot be read now, as during an election.
    [[nodiscard]] bool has_replicas(int number, std::string_view vhost = "/");

    /// Waits until the queue has a consumer. A test must do so before it deletes the queue: a queue that is deleted while it is
    /// being declared may leave a process behind in the broker, and then it cannot be declared again (docs/rabbitmq.md, known
    /// limits).
    void await_consumer(std::string_view queue, std::string_view vhost = "/");

    /// Makes the node store the list of its queues immediately, instead of half a second after a declaration. If RabbitMQ 3.10
    /// is killed before the list is stored, it later starts a quorum queue without its messages and without a leader.
    void store_queue_list();

    /// Sets or clears the memory alarm. While it is active, publishers are blocked (connection.blocked). A restart also clears
    /// it.
    void set_memory_alarm(bool is_active);

    /// Suspends the process of a quorum queue: the queue no longer responds, like one without a leader.
    void suspend_queue(std::string_view name, std::string_view vhost = "/");
    void resume_queue(std::string_view name, std::string_view vhost = "/");
    /// Whether a client waits for the response of a suspended queue.
    [[nodiscard]] bool is_queue_awaited(std::string_view name, std::string_view vhost = "/");

    /// Runs `rabbitmqctl` with these arguments for this node and returns its output. Takes about a second. Throws if it fails.
    std::string control(const std::vector<std::string>& arguments);

    /// Evaluates an Erlang expression inside the node and returns its value, which must be a string. Takes milliseconds. Throws
    /// if the evaluation fails.
    std::string evaluate(std::string_view expression);

    /// The log since the node was created. The node writes it with a delay.
    [[nodiscard]] std::string log() const;

private:
    [[nodiscard]] std::vector<std::string> with_node_environment(const std::vector<std::string>& command) const;
    void write_configuration() const;
    [[nodiscard]] std::vector<broker_queue> count_queues(std::string_view vhost, std::string_view condition_on_name);
    [[nodiscard]] bool is_ready();

    temporary_directory folder_;
    held_port amqp_;
    held_port amqps_;
    held_port distribution_;
    std::shared_ptr<held_port> port_mapper_ = std::make_shared<held_port>(); ///< shared by all nodes of a cluster
    std::string node_;
    std::string settings_;
    std::unique_ptr<certificates> certificates_;
    std::shared_ptr<process> epmd_;
    std::unique_ptr<process> server_;
    int vhosts_ = 0;
    int evaluations_ = 0;
};

/// Returns the beginning of an expression for `rabbitmq_broker::evaluate`. It binds `Name` to the name of a quorum queue,
/// `Queue` to the queue, and `Process` to the name of its process, and ends with a comma.
[[nodiscard]] std::string find_quorum_queue(std::string_view queue, std::string_view vhost);

/// Returns the broker that all test cases of a program share, so that only the first test case waits for it to start. This
/// requires `TOGETHER` in CMake. If a test case has stopped the broker, it is started again.
[[nodiscard]] rabbitmq_broker& shared_broker();

} // namespace atrium::support
