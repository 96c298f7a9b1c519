#include "backups.hpp"

#include <base/printable.hpp>
#include <base/timer.hpp>
#include <operations/backup.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <ctime>
#include <exception>
#include <system_error>
#include <type_traits>
#include <utility>

namespace atrium::console {
namespace {

using namespace std::chrono_literals;

/// The time between two checks of whether a backup is finished. It is short compared to the duration of a backup, so it delays
/// the response little. The checks cost little, because backups are rare.
constexpr auto poll_interval = 20ms;
constexpr std::size_t max_listed = 1'000;

/// "atrium-20261129-213655.db", in UTC.
std::string name_at(timestamp when) {
    const auto seconds = std::chrono::system_clock::to_time_t(when);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> text;
    return {text.data(), std::strftime(text.data(), text.size(), "atrium-%Y%m%d-%H%M%S.db", &parts)};
}

/// Whether the name has the form of `name_at`. Files with other names are never removed.
bool is_own_name(std::string_view name) {
    constexpr std::string_view form = "atrium-00000000-000000.db";
    return std::ranges::equal(name, form,
                              [](char c, char expected) { return expected == '0' ? c >= '0' && c <= '9' : c == expected; });
}

/// Creates a folder that only the user of the process can access, because a backup contains all data.
void make_folder(const std::filesystem::path& folder) {
    if (std::filesystem::create_directories(folder))
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
}

timestamp time_of(const std::filesystem::directory_entry& file) {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::file_clock::to_sys(file.last_write_time()));
}

struct listed_backup {
    std::string name;
    std::uintmax_t bytes;
    timestamp at;
};

/// The name, size and time of a backup. Empty if the file is not a backup, or if it has been removed in the meantime.
std::optional<listed_backup> read_backup_file(const std::filesystem::directory_entry& file) try {
    if (!file.is_regular_file() || file.path().extension() != ".db")
        return std::nullopt;
    return listed_backup{file.path().filename().string(), file.file_size(), time_of(file)};
} catch (const std::filesystem::filesystem_error&) {
    return std::nullopt;
}

/// Calls `select` for each file of the folder, and returns the results that are not empty. A folder that is missing or cannot
/// be read has no files.
template <class Select>
auto select_files(const std::filesystem::path& folder, Select select) {
    std::vector<typename std::invoke_result_t<Select, const std::filesystem::directory_entry&>::value_type> found;
    std::error_code failure;
    for (auto each = std::filesystem::directory_iterator{folder, failure}; each != std::filesystem::directory_iterator{};
         each.increment(failure))
        if (auto selected = select(*each))
            found.push_back(*std::move(selected));
    return found;
}

/// The newest backups, as the console lists them.
std::vector<listed_backup> backups_in(const std::filesystem::path& folder) {
    auto found = select_files(folder, read_backup_file);
    std::ranges::sort(found, std::ranges::greater{}, [](const auto& b) { return std::pair{b.at, b.name}; });
    found.resize(std::min(found.size(), max_listed));
    return found;
}

/// The name of the file; empty unless it is the name of a backup that the class `backups` has made.
std::optional<std::string> own_name_of(const std::filesystem::directory_entry& file) {
    std::error_code failure;
    auto name = file.path().filename().string();
    return is_own_name(name) && is_regular_file(file.symlink_status(failure)) ? std::optional{std::move(name)} : std::nullopt;
}

/// The names of the backups that the class `backups` has made, the oldest first.
std::vector<std::string> own_backups_in(const std::filesystem::path& folder) {
    auto found = select_files(folder, own_name_of);
    std::ranges::sort(found);
    return found;
}

} // namespace

struct backups::job {
    std::string name;
    std::atomic<bool> is_done = false;    ///< set after `bytes`, which can then be read
    std::optional<std::uint64_t> bytes{}; ///< the size of the finished backup; empty if it failed
};

backups::backups(std::filesystem::path database, std::filesystem::path folder, std::size_t max_kept,
                 std::vector<storage::schema> schemas, const clock& time, logger log)
    : database_{std::move(database)}, folder_{std::move(folder)}, max_kept_{max_kept}, schemas_{std::move(schemas)},
      time_{time}, log_{std::move(log)} {}

backups::~backups() {
    stop();
}

void backups::begin_stop() {
    const std::lock_guard lock{mutex_};
    is_stopping_ = true;
    thread_.request_stop();
}

void backups::stop() {
    begin_stop();
    if (thread_.joinable()) // no other backup begins after `begin_stop`
        thread_.join();
}

awaitable<result<backups::backup>> backups::make() {
    const auto begun = begin();
    if (!begun)
        co_return begun.error();
    const auto& j = **begun;
    steady_timer pause{co_await asio::this_coro::executor};
    for (const auto deadline = std::chrono::steady_clock::now() + max_wait;
         !j.is_done && std::chrono::steady_clock::now() < deadline;) {
        pause.expires_after(poll_interval);
        co_await pause.async_wait(use_awaitable);
    }
    if (!j.is_done)
        co_return backup{j.name, std::nullopt};
    if (!j.bytes)
        co_return error{errc::unavailable, "the backup failed and left no file; the server's log has the reason"};
    co_return backup{j.name, j.bytes};
}

result<std::shared_ptr<const backups::job>> backups::begin() {
    const std::lock_guard lock{mutex_};
    if (is_stopping_)
        return error{errc::unavailable, "the server is stopping"};
    if (current_ && !current_->is_done)
        return error{errc::conflict, "a backup is being made: " + current_->name};
    auto name = name_at(time_.now());
    std::error_code failure;
    if (std::filesystem::exists(folder_ / name, failure))
        return error{errc::conflict, "a backup was made in this second: " + name};
    auto next = std::make_shared<job>(std::move(name));
    thread_ = std::jthread{[this, next](const std::stop_token& cancellation) { run(*next, cancellation); }};
    current_ = next;
    return std::shared_ptr<const job>{std::move(next)};
}

void backups::run(job& j, const std::stop_token& cancellation) const {
    try {
        make_folder(folder_);
        const auto target = folder_ / j.name;
        const auto summary =
            operations::back_up({.source = database_, .target = target, .cancellation = cancellation}, schemas_);
        j.bytes = summary.bytes;
        log_.info("made a backup",
                  {{"file", target.string()}, {"bytes", summary.bytes}, {"copying_ms", summary.copying.count()}});
        remove_old(j.name);
    } catch (const std::exception& e) {
        log_.error("a backup failed", {{"file", (folder_ / j.name).string()}, {"reason", e.what()}});
    }
    j.is_done = true;
}

/// Removes the oldest backups beyond the number to keep, but never `newest`, even if the clock was set back.
void backups::remove_old(const std::string& newest) const {
    if (max_kept_ == 0)
        return;
    auto old = own_backups_in(folder_);
    std::erase(old, newest);
    old.resize(old.size() - std::min(old.size(), max_kept_ - 1)); // leaves out the newest ones, which are kept
    for (const auto& each : old) {
        const auto file = folder_ / each;
        std::error_code failure;
        std::filesystem::remove(file, failure);
        if (failure)
            log_.warning("an old backup could not be removed", {{"file", file.string()}, {"reason", failure.message()}});
        else
            log_.info("removed an old backup", {{"file", file.string()}});
    }
}

void backups::list(json_writer& json) const {
    json.begin_array();
    for (const auto& each : backups_in(folder_))
        json.begin_object()
            .key("name")
            .value(printable(each.name))
            .key("bytes")
            .value(static_cast<std::int64_t>(each.bytes))
            .key("at")
            .value(each.at)
            .end_object();
    json.end_array();
}

} // namespace atrium::console
