#pragma once

#include <base/error.hpp>
#include <base/log.hpp>

#include <atomic>
#include <filesystem>
#include <string_view>

namespace atrium::storage::sqlite {

/// Reports once that a page of the database holds something else than SQLite wrote there, whoever meets it. From then on the
/// database is not healthy, also if later statements need no such page: a person has to look at it. Any thread.
class damage_report {
public:
    damage_report(std::filesystem::path file, logger log);

    /// Whether SQLite fails with this code because of what is in the file.
    [[nodiscard]] static bool is_damage(int code) noexcept;

    /// @param reason what failed, for the log
    void note(std::string_view reason);

    /// Errors: unavailable, with a sentence for /readyz.
    [[nodiscard]] result<> state() const;

private:
    const std::filesystem::path file_;
    const logger log_;
    std::atomic<bool> is_damaged_ = false;
};

} // namespace atrium::storage::sqlite
