#include "sqlite/database_file.hpp"
#include "sqlite/file_lock.hpp"
#include "sqlite/inspected_file.hpp"
#include "sqlite/schema_reader.hpp"

#include <storage/sqlite/inspection.hpp>

#include <utility>

namespace atrium::storage::sqlite {

struct inspection::impl {
    inspected_file file;
};

void check_absent(const std::filesystem::path& file) {
    check_remains(canonical_path(file));
}

inspection::inspection(const std::filesystem::path& file, std::span<const schema> schemas, logger log)
    : impl_{std::make_unique<impl>(inspected_file{file, schemas, std::move(log)})} {}

inspection::~inspection() = default;

std::vector<pending_migration> inspection::pending() const {
    return impl_->file.migrations().pending();
}

std::vector<std::string> inspection::check_integrity() {
    auto findings = read_column("PRAGMA integrity_check");
    std::erase(findings, "ok");
    return findings;
}

std::vector<std::string> inspection::read_column(std::string_view query) {
    return impl_->file.look([&](connection& connection) {
        std::vector<std::string> values;
        for (auto rows = connection.query(query); rows.next();)
            values.emplace_back(rows.text(0));
        return values;
    });
}

std::optional<table_layout> inspection::find_table(std::string_view name) const {
    return impl_->file.look([&](connection& connection) { return read_table(connection, name); });
}

std::vector<std::string> inspection::tables_without_index(std::string_view query) const {
    return impl_->file.look([&](connection& connection) { return read_tables_without_index(connection, query); });
}

} // namespace atrium::storage::sqlite
