#include "require.hpp"

#include <auth/settings.hpp>
#include <base/text.hpp>
#include <config/schema.hpp>
#include <events/rabbitmq/settings.hpp>
#include <http/settings.hpp>

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace atrium;
using fuzz::require;

namespace {

/// A file in memory, which is overwritten for each input.
class memory_file {
public:
    memory_file() : descriptor_{::memfd_create("config", 0)} {}

    void write(std::string_view text) {
        require(::ftruncate(descriptor_, 0) == 0 &&
                    ::pwrite(descriptor_, text.data(), text.size(), 0) == static_cast<::ssize_t>(text.size()),
                "the file in memory can be written");
    }
    [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

private:
    int descriptor_;
};

/// Returns all errors in the sources, for a config schema with the settings of the parts that have the most rules.
std::vector<std::string> faults_of(const config::sources& sources) {
    http::settings http;
    auth::settings auth;
    events::rabbitmq::settings rabbitmq;
    config::schema schema;
    http::declare(schema, http);
    auth::declare(schema, auth);
    events::rabbitmq::declare(schema, rabbitmq);
    auto found = schema.load(sources);
    require(!http.address.empty() && http.deadlines.header.count() >= 0, "settings hold values even after an error");
    return found;
}

/// Checks that the errors can be shown on a terminal.
void check(const std::vector<std::string>& faults) {
    for (const auto& each : faults)
        require(!each.empty() && is_utf8(each) && !has_control_character(each), "an error is one line of text");
}

} // namespace

/// The input is a configuration file, or an assignment on the command line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static memory_file file;
    const std::string text{reinterpret_cast<const char*>(data), size};
    file.write(text);
    check(faults_of({.file = file.path(), .environment = {}, .assignments = {}}));
    check(faults_of({.file = {}, .environment = {}, .assignments = {text}}));
    return 0;
}
