#include "adapter.hpp"

#include <support/rabbitmq_broker.hpp>

#include <fstream>

namespace atrium::contract {
namespace {

class rabbitmq_adapter final : public adapter {
public:
    rabbitmq_adapter(std::string vhost, events::rabbitmq::settings s) : vhost_{std::move(vhost)}, settings_{std::move(s)} {
        if (settings_.url.empty())
            settings_.url = support::shared_broker().url(vhost_);
    }

    [[nodiscard]] std::unique_ptr<events::durable_bus> make_bus(events::bus_parts parts) const override {
        return events::make_rabbitmq_bus(std::move(parts), settings_);
    }
    [[nodiscard]] bool is_broker_empty() const override { return support::shared_broker().is_empty(vhost_); }

private:
    std::string vhost_;
    events::rabbitmq::settings settings_;
};

/// The virtual host of the process whose files are in `folder`. Its name is stored there, so that a child process finds it.
std::string vhost_of(const std::filesystem::path& folder) {
    const auto file = folder / "vhost";
    std::string name;
    if (std::ifstream known{file}; known >> name)
        return name;
    name = support::shared_broker().new_vhost();
    std::ofstream{file} << name;
    return name;
}

} // namespace

std::unique_ptr<adapter> rabbitmq(const std::filesystem::path& folder) {
    return rabbitmq_in(vhost_of(folder))(folder);
}

adapter_maker rabbitmq_in(std::string vhost, events::rabbitmq::settings s) {
    return [vhost = std::move(vhost), s = std::move(s)](const std::filesystem::path&) {
        return std::make_unique<rabbitmq_adapter>(vhost, s);
    };
}

} // namespace atrium::contract
