#include <support/eventually.hpp>
#include <support/rabbitmq_broker.hpp>

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace atrium::support {
namespace {

// Debian's wrappers /usr/sbin/rabbitmq* are not used, because they change the user before they run the programs below.
constexpr auto server_program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
constexpr auto control_program = "/usr/lib/rabbitmq/bin/rabbitmqctl";
constexpr auto cookie = "a-cookie-of-the-tests";
constexpr std::chrono::seconds max_start_time{120};
constexpr std::chrono::seconds max_election_time{10}; // max time until each queue has a leader

/// The root folder of another Debian system whose RabbitMQ is to be used; empty for the RabbitMQ of this machine.
std::string other_root() {
    const char* const root = std::getenv("ATRIUM_RABBITMQ_ROOT");
    return root ? root : "";
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// A node name that no other broker of a test has.
std::string new_node_name() {
    static int number = 0;
    return "atrium-" + std::to_string(::getpid()) + "-" + std::to_string(++number) + "@localhost";
}

bool accepts_connections(std::uint16_t port) {
    using boost::asio::ip::tcp;
    boost::asio::io_context context;
    tcp::socket socket{context};
    boost::system::error_code failure;
    socket.connect({boost::asio::ip::address_v4::loopback(), port}, failure);
    return !failure;
}

std::string erlang_binary(std::string_view text) {
    return "<<\"" + std::string{text} + "\">>";
}

/// An Erlang expression whose value has a line "name TAB type TAB ready TAB unacknowledged TAB consumers" for each queue. The
/// state of a quorum queue is read from the queue itself, because the broker updates its list of queues only every few seconds.
std::string make_queue_list_expression(std::string_view vhost, std::string_view condition_on_name) {
    return R"(
        Counts = fun(Q, rabbit_quorum_queue) ->
                     {ok, {_, Numbers}, _} = ra:leader_query(amqqueue:get_pid(Q), fun(State) ->
                         [rabbit_fifo:query_messages_ready(State), rabbit_fifo:query_messages_checked_out(State),
                          rabbit_fifo:query_consumer_count(State)] end),
                     Numbers;
                    (Q, _) ->
                     [N || {_, N} <- rabbit_amqqueue:info(Q, [messages_ready, messages_unacknowledged, consumers])]
                 end,
        [begin
             Type = amqqueue:get_type(Q),
             io_lib:format("~ts\t~ts\t~b\t~b\t~b~n", [Name, Type | Counts(Q, Type)])
         end || Q <- rabbit_amqqueue:list()" +
           erlang_binary(vhost) + "), Name <- [element(4, amqqueue:get_name(Q))], " + std::string{condition_on_name} + "]";
}

/// The condition that a queue is not a trial queue. With trial queues, Atrium tests how the broker behaves (docs/rabbitmq.md),
/// so they contain no events. If a broker was killed while a trial queue was being declared, that queue may have no leader to
/// query.
constexpr std::string_view is_not_trial = R"(string:find(Name, <<".trial.">>) =:= nomatch)";

} // namespace

rabbitmq_broker::rabbitmq_broker(tls encryption, std::string settings)
    : node_{new_node_name()}, settings_{std::move(settings)} {
    if (!std::filesystem::exists(other_root() + server_program))
        throw std::runtime_error{"RabbitMQ is not installed; install it with ./dev test or apt-get install rabbitmq-server"};
    if (encryption == tls::on)
        certificates_ = std::make_unique<certificates>();
    write_configuration();
    start();
}

rabbitmq_broker::rabbitmq_broker(cluster_of cluster)
    : port_mapper_{cluster.first.port_mapper_}, node_{new_node_name()}, epmd_{cluster.first.epmd_} {
    write_configuration();
    start();
    control({"stop_app"});
    control({"join_cluster", cluster.first.node_});
    control({"start_app"});
    eventually([this] { return is_ready(); }, max_start_time);
}

rabbitmq_broker::~rabbitmq_broker() = default;

void rabbitmq_broker::write_configuration() const {
    std::ofstream{folder_ / "plugins"} << "[].\n";
    std::ofstream{folder_ / ".erlang.cookie"} << cookie;
    std::filesystem::permissions(folder_ / ".erlang.cookie", std::filesystem::perms::owner_read);

    std::ofstream file{folder_ / "rabbitmq.conf"};
    file << "listeners.tcp.1 = 127.0.0.1:" << amqp_.number() << '\n' << "disk_free_limit.absolute = 1MB\n" << settings_;
    if (certificates_)
        file << "listeners.ssl.1 = 127.0.0.1:" << amqps_.number() << '\n'
             << "ssl_options.cacertfile = " << certificates_->authority().string() << '\n'
             << "ssl_options.certfile = " << certificates_->certificate().string() << '\n'
             << "ssl_options.keyfile = " << certificates_->key().string() << '\n'
             << "ssl_options.verify = verify_none\n"; // clients need no certificate
}

std::vector<std::string> rabbitmq_broker::with_node_environment(const std::vector<std::string>& command) const {
    const char* path = std::getenv("PATH");
    std::vector<std::string> whole_command;
    if (const auto root = other_root(); !root.empty())
        whole_command = {"chroot", root};
    const std::vector<std::string> environment{
        "env", "-i", path ? "PATH=" + std::string{path} : "PATH=/usr/bin:/bin", "LANG=C.UTF-8",
        "HOME=" + folder_.path().string(), // contains the cookie
        "ERL_EPMD_ADDRESS=127.0.0.1", "ERL_EPMD_PORT=" + std::to_string(port_mapper_->number()), "RABBITMQ_NODENAME=" + node_,
        "RABBITMQ_DIST_PORT=" + std::to_string(distribution_.number()),
        "RABBITMQ_CONF_ENV_FILE=/dev/null", // replaces the file of the machine
        "RABBITMQ_CONFIG_FILE=" + (folder_ / "rabbitmq.conf").string(), "RABBITMQ_CONFIG_FILES=" + (folder_ / "none").string(),
        "RABBITMQ_ADVANCED_CONFIG_FILE=" + (folder_ / "none.config").string(),
        "RABBITMQ_ENABLED_PLUGINS_FILE=" + (folder_ / "plugins").string(),
        "RABBITMQ_MNESIA_BASE=" + (folder_ / "mnesia").string(), "RABBITMQ_LOG_BASE=" + (folder_ / "log").string(),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1}",
        // With this setting, the script replaces itself with the node (exec) instead of waiting for it. So the node gets the
        // signals of this test program, and is killed when this test program dies (see `process`).
        "RABBITMQ_ALLOW_INPUT=true"};
    whole_command.insert(whole_command.end(), environment.begin(), environment.end());
    whole_command.insert(whole_command.end(), command.begin(), command.end());
    return whole_command;
}

void rabbitmq_broker::start() {
    if (!epmd_) {
        epmd_ = std::make_shared<process>(with_node_environment({"epmd"}));
        // Waits for epmd, because otherwise the node would start another epmd, which would outlive the node.
        eventually([this] { return accepts_connections(port_mapper_->number()); });
    }
    server_ = std::make_unique<process>(with_node_environment({server_program, "-noinput"}));
    eventually([this] { return !runs() || is_ready(); }, max_start_time);
    INFO("log of the broker:\n" << server_->out() << server_->err() << log());
    REQUIRE(runs());
}

bool rabbitmq_broker::is_ready() {
    if (!accepts_connections(amqp_.number()))
        return false;
    try {
        return evaluate("atom_to_list(rabbit:is_running())") == "true";
    } catch (const std::runtime_error&) {
        return false;
    }
}

bool rabbitmq_broker::runs() {
    return server_ && server_->runs();
}

void rabbitmq_broker::stop() {
    server_->signal(SIGTERM);
    server_->wait();
}

void rabbitmq_broker::kill() {
    server_->signal(SIGKILL);
    server_->wait();
}

void rabbitmq_broker::restart() {
    stop();
    start();
}

std::string rabbitmq_broker::url(std::string_view vhost) const {
    return url_through(port(), vhost);
}

std::string rabbitmq_broker::url_through(std::uint16_t port, std::string_view vhost, std::string_view credentials) const {
    return "amqp://" + std::string{credentials} + "@127.0.0.1:" + std::to_string(port) + "/" +
           (vhost == "/" ? "%2F" : std::string{vhost});
}

std::string rabbitmq_broker::tls_url() const {
    return "amqps://guest:guest@localhost:" + std::to_string(amqps_.number()) + "/%2F";
}

std::string rabbitmq_broker::new_vhost() {
    const auto name = "test-" + std::to_string(++vhosts_);
    const auto binary = erlang_binary(name);
    evaluate("ok = rabbit_vhost:add(" + binary +
             ", <<\"tests\">>), " //
             "ok = rabbit_auth_backend_internal:set_permissions(<<\"guest\">>, " +
             binary + R"(, <<".*">>, <<".*">>, <<".*">>, <<"tests">>), "")");
    return name;
}

int rabbitmq_broker::major_version() {
    return std::stoi(evaluate("rabbit_misc:version()"));
}

std::vector<broker_queue> rabbitmq_broker::queues(std::string_view vhost) {
    const auto end = std::chrono::steady_clock::now() + max_election_time;
    for (;;) {
        try {
            return count_queues(vhost, "true");
        } catch (const std::runtime_error&) {
            if (std::chrono::steady_clock::now() > end)
                throw;
        }
    }
}

std::vector<broker_queue> rabbitmq_broker::count_queues(std::string_view vhost, std::string_view condition_on_name) {
    std::vector<broker_queue> all;
    std::istringstream lines{evaluate(make_queue_list_expression(vhost, condition_on_name))};
    for (broker_queue each; std::getline(lines, each.name, '\t'); all.push_back(each)) {
        std::string type;
        std::getline(lines, type, '\t');
        each.quorum = type == "rabbit_quorum_queue";
        lines >> each.ready >> each.unacknowledged >> each.consumers;
        lines.ignore();
    }
    return all;
}

std::vector<std::string> rabbitmq_broker::queue_names(std::string_view vhost) {
    std::istringstream lines{
        evaluate("[io_lib:format(\"~ts~n\", [element(4, amqqueue:get_name(Q))]) || Q <- rabbit_amqqueue:list(" +
                 erlang_binary(vhost) + ")]")};
    std::vector<std::string> names;
    for (std::string name; std::getline(lines, name);)
        names.push_back(name);
    return names;
}

std::optional<broker_queue> rabbitmq_broker::queue(std::string_view name, std::string_view vhost) {
    const auto all = queues(vhost);
    const auto found = std::ranges::find(all, name, &broker_queue::name);
    return found == all.end() ? std::nullopt : std::optional{*found};
}

void rabbitmq_broker::await_consumer(std::string_view queue_name, std::string_view vhost) {
    eventually([&] {
        const auto state = queue(queue_name, vhost);
        return state && state->consumers > 0;
    });
}

bool rabbitmq_broker::is_empty(std::string_view vhost) {
    try {
        return std::ranges::all_of(count_queues(vhost, is_not_trial), [](const auto& q) { return q.messages() == 0; });
    } catch (const std::runtime_error&) {
        return false;
    }
}

bool rabbitmq_broker::has_replicas(int number, std::string_view vhost) {
    try {
        return evaluate("integer_to_list(length([Q || Q <- rabbit_amqqueue:list(" + erlang_binary(vhost) + R"(),
            amqqueue:get_type(Q) =:= rabbit_quorum_queue,
            begin [{online, Nodes}] = rabbit_amqqueue:info(Q, [online]), length(Nodes) < )" +
                        std::to_string(number) + " end]))") == "0";
    } catch (const std::runtime_error&) {
        return false;
    }
}

void rabbitmq_broker::store_queue_list() {
    // One of these tables is the list of queues that Ra (RabbitMQ's implementation of Raft) keeps.
    evaluate("[ok = dets:sync(Table) || Table <- dets:all()], \"\"");
}

void rabbitmq_broker::set_memory_alarm(bool is_active) {
    // Does the same as `rabbitmqctl set_vm_memory_high_watermark`.
    evaluate("vm_memory_monitor:set_vm_memory_high_watermark(" + std::string{is_active ? "0.00001" : "0.4"} + "), \"\"");
    eventually([&] { return evaluate("integer_to_list(length(rabbit_alarm:get_alarms()))") == (is_active ? "1" : "0"); });
}

void rabbitmq_broker::suspend_queue(std::string_view name, std::string_view vhost) {
    evaluate(find_quorum_queue(name, vhost) + "ok = sys:suspend(Process), \"\"");
}

void rabbitmq_broker::resume_queue(std::string_view name, std::string_view vhost) {
    evaluate(find_quorum_queue(name, vhost) + "ok = sys:resume(Process), \"\"");
}

bool rabbitmq_broker::is_queue_awaited(std::string_view name, std::string_view vhost) {
    return evaluate(find_quorum_queue(name, vhost) + R"(
        {messages, Messages} = process_info(whereis(Process), messages),
        atom_to_list(lists:any(fun({'$gen_call', _, _}) -> true; (_) -> false end, Messages)))") == "true";
}

std::string rabbitmq_broker::control(const std::vector<std::string>& arguments) {
    std::vector<std::string> command{control_program, "--quiet"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    process rabbitmqctl{with_node_environment(command)};
    if (rabbitmqctl.wait() != 0)
        throw std::runtime_error{"rabbitmqctl failed: " + rabbitmqctl.out() + rabbitmqctl.err()};
    return rabbitmqctl.out();
}

std::string rabbitmq_broker::evaluate(std::string_view expression) {
    // The expression and its value are passed through files, because erl_call prints strings without escapes.
    const auto number = std::to_string(++evaluations_);
    const auto script = folder_ / ("script-" + number);
    const auto value = folder_ / ("value-" + number);
    std::ofstream{script} << "file:write_file(\"" << value.string() << "\", unicode:characters_to_binary(begin " << expression
                          << " end)).\n";
    // Each call has its own node name, because a node refuses a connection from a name that it is connected to. With its option
    // -r, erl_call would use the same name for one second.
    process erl_call{with_node_environment({"erl_call", "-h", "call-" + number, "-address",
                                            "127.0.0.1:" + std::to_string(distribution_.number()), "-c", cookie, "-a",
                                            "file script [\"" + script.string() + "\"]"})};
    if (erl_call.wait() != 0 || erl_call.out() != "{ok, ok}")
        throw std::runtime_error{"the broker cannot evaluate the expression: " + erl_call.out() + erl_call.err()};
    return text_of(value);
}

std::string rabbitmq_broker::log() const {
    return text_of(folder_ / "log" / (node_ + ".log"));
}

std::string find_quorum_queue(std::string_view queue, std::string_view vhost) {
    return "Name = rabbit_misc:r(" + erlang_binary(vhost) + ", queue, " + erlang_binary(queue) +
           "), {ok, Queue} = rabbit_amqqueue:lookup(Name), {Process, _} = amqqueue:get_pid(Queue), ";
}

rabbitmq_broker& shared_broker() {
    static rabbitmq_broker broker;
    if (!broker.runs())
        broker.start();
    return broker;
}

} // namespace atrium::support
