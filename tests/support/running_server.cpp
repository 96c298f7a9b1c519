#include <support/running_server.hpp>

#include <charconv>
#include <csignal>
#include <fstream>

namespace atrium::support {

std::uint16_t port_in(const std::string& log) {
    constexpr std::string_view phrase = "listening on http"; // also matches https
    const auto begin = log.find(phrase);
    const auto end = begin == std::string::npos ? begin : log.find('\n', begin);
    if (end == std::string::npos)
        return 0;
    const auto colon = log.rfind(':', end);
    std::uint16_t port = 0;
    if (colon > begin + phrase.size() + 2)
        std::from_chars(log.data() + colon + 1, log.data() + end, port);
    return port;
}

const std::string& atrium_program() {
    static const std::string path = ATRIUM_PROGRAM;
    return path;
}

running_server::running_server(std::vector<std::string> settings, std::vector<std::string> wrapper)
    : settings_{std::move(settings)}, wrapper_{std::move(wrapper)} {
    start();
}

void running_server::set_settings(std::vector<std::string> settings, std::vector<std::string> wrapper) {
    settings_ = std::move(settings);
    wrapper_ = std::move(wrapper);
}

void running_server::start() {
    const auto config = folder_ / "config.toml";
    std::ofstream{config}; // empty, so that all settings have their defaults

    auto command = wrapper_;
    command.insert(command.end(), {atrium_program(), "serve", "--config", config.string(), "--set", "http.port=0", "--set",
                                   "storage.path=" + database().string()});
    for (const auto& setting : settings_)
        command.insert(command.end(), {"--set", setting});

    http_.reset();
    process_ = std::make_unique<support::process>(command);
    eventually([this] {
        port_ = port_in(log());
        return port_ != 0 || !process_->runs();
    });
    INFO("log of the server:\n" << log());
    REQUIRE(port_ != 0);
}

void running_server::stop() {
    http_.reset();
    process_->signal(SIGTERM);
    const auto status = process_->wait();
    INFO("log of the server:\n" << log());
    REQUIRE(status == 0);
}

void running_server::kill() {
    http_.reset();
    process_->signal(SIGKILL);
    process_->wait();
}

void running_server::restart() {
    stop();
    start();
}

client& running_server::http() {
    if (!http_)
        http_ = std::make_unique<client>(port_);
    return *http_;
}

void running_server::expect_log(std::string_view text) const {
    INFO("expected in the log: " << text);
    eventually([&] { return log().find(text) != std::string::npos; });
}

bool running_server::is_quiet() {
    const auto answer = http().get("/readyz");
    INFO("answer: " << answer.body);
    REQUIRE(answer.status == 200);
    return answer.json().at("bus").at("pending") == 0;
}

} // namespace atrium::support
