#include "system.hpp"

#include <base/json_writer.hpp>
#include <base/printable.hpp>

#include <cstdint>
#include <system_error>

namespace atrium::console {
namespace {

/// The size of a file in bytes; 0 if there is no such file.
std::int64_t size_of(const std::filesystem::path& file) {
    std::error_code absent;
    const auto bytes = std::filesystem::file_size(file, absent);
    return absent ? 0 : static_cast<std::int64_t>(bytes);
}

void show_configuration(json_writer& json, const facts& f) {
    json.key("configuration").begin_array();
    for (std::size_t i = 0; i < f.configuration.size(); ++i) {
        const auto& each = f.configuration[i];
        json.begin_object()
            .key("key")
            .value(each.key)
            .key("value")
            .value(each.value)
            .key("default")
            .value(f.defaults.at(i).value)
            .key("source")
            .value(config::name_of(each.source))
            .key("description")
            .value(each.comment)
            .end_object();
    }
    json.end_array();
}

void show_migrations(json_writer& json, const facts& f) {
    json.key("migrations").begin_array();
    for (const auto& each : f.migrations)
        json.begin_object()
            .key("module")
            .value(each.owner)
            .key("name")
            .value(each.name)
            .key("applied_at")
            .value(each.applied)
            .end_object();
    json.end_array();
}

void show_storage(json_writer& json, const facts& f) {
    json.key("storage").begin_object().key("path").value(printable(f.database.string()));
    json.key("bytes").value(size_of(f.database));
    json.key("wal_bytes").value(size_of(f.database.string() + "-wal"));
    std::error_code failure;
    const auto disk = std::filesystem::space(f.database, failure);
    json.key("free_bytes");
    if (failure)
        json.null();
    else
        json.value(static_cast<std::int64_t>(disk.available));
    json.end_object();
}

} // namespace

std::string describe_system(const facts& f, const backups& made_backups) {
    std::string text;
    json_writer json{text};
    json.begin_object().key("version").value(f.version).key("build").value(f.build).key("started_at").value(f.started);
    show_configuration(json, f);
    show_migrations(json, f);
    show_storage(json, f);
    made_backups.list(json.key("backups"));
    json.key("backup_folder").value(printable(f.backups.string()));
    json.key("auth").begin_object().key("mode").value(f.auth_mode).end_object();
    json.key("tls").value(f.has_tls).end_object();
    return text;
}

} // namespace atrium::console
