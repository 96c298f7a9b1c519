#pragma once

#include <base/error.hpp>
#include <base/log.hpp>

#include <atomic>
#include <filesystem>
#include <string_view>

namespace atrium::storage::sqlite {

/// Logs once, for all connections, that a page of the database is damaged. From then on the database is unhealthy, even if
/// later statements do not read such a page, because an operator has to repair it. Can be used on any thread.
class damage_report {
public:
    damage_report(std::filesystem::path file, logger log);

    /// Whether this result code of SQLite means that the content of the file is damaged.
    [[nodiscard]] static bool is_damage(int code) noexcept;

    /// Records that a damaged page was found. `reason` is the text of the failure, for the log.
    void note(std::string_view reason);

    /// Success if no damaged page was found. Otherwise the error unavailable, with a sentence for /readyz.
    [[nodiscard]] result<> state() const;

private:
    const std::filesystem::path file_;
    const logger log_;
    std::atomic<bool> is_damaged_ = false;
};

} // namespace atrium::storage::sqlite
