#include <base/json_writer.hpp>
#include <base/text.hpp>
#include <support/recorder.hpp>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>

namespace atrium::support {
namespace {

/// Converts bytes to text for JSON. Bytes that are not UTF-8 cannot be written as JSON, and the comparison does not need them.
std::string to_json_text(std::string_view bytes) {
    return is_utf8(bytes) ? std::string{bytes} : "(not UTF-8)";
}

void write(json_writer& out, const headers& list) {
    out.begin_array();
    for (const auto& [name, value] : list)
        out.begin_array().value(to_json_text(name)).value(to_json_text(value)).end_array();
    out.end_array();
}

/// The file to which this process records; null if nothing is recorded.
std::ofstream* find_file() {
    static auto file = [] {
        const char* folder = std::getenv("ATRIUM_RECORDINGS");
        if (!folder)
            return std::ofstream{};
        std::filesystem::create_directories(folder);
        return std::ofstream{std::filesystem::path{folder} / (std::to_string(::getpid()) + ".jsonl"), std::ios::app};
    }();
    return file.is_open() ? &file : nullptr;
}

} // namespace

void record_exchange(std::string_view method, std::string_view target, std::string_view body, const headers& request_headers,
                     const reply& response) {
    auto* file = find_file();
    if (!file)
        return;
    std::string line;
    json_writer out{line};
    out.begin_object().key("method").value(to_json_text(method)).key("target").value(to_json_text(target));
    write(out.key("request_headers"), request_headers);
    out.key("request_body").value(to_json_text(body)).key("status").value(response.status);
    write(out.key("headers"), response.headers);
    out.key("body").value(to_json_text(response.body)).end_object();
    static std::mutex mutex; // needed because tests have clients on several threads
    const std::lock_guard lock{mutex};
    *file << line << '\n' << std::flush;
}

} // namespace atrium::support
