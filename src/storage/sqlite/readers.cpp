#include "sqlite/readers.hpp"

#include "sqlite/connection.hpp"
#include "sqlite/snapshot.hpp"
#include "sqlite/transaction.hpp"

#include <base/computation.hpp>

#include <sqlite3.h>

#include <atomic>
#include <optional>
#include <utility>

namespace atrium::storage::sqlite {
namespace {

using steady = std::chrono::steady_clock;

constexpr int steps_between_checks = 4000; // steps of SQLite's virtual machine; this many take much less than a millisecond

error too_slow() {
    return {.code = errc::unavailable, .detail = "the query took longer than allowed; narrow it"};
}

error out_of_computation_time() {
    return {.code = errc::unavailable, .detail = "the request exceeded its computation time; ask for less"};
}

error closed() {
    return {.code = errc::unavailable, .detail = "the server is shutting down"};
}

/// Ends a read that computes for too long (alone, or together with other work for the same client), and a read whose database
/// is being closed. Time is measured from the first check, so that a short read never reads the clock.
class time_limit {
public:
    /// `closing` must outlive this object.
    time_limit(std::chrono::milliseconds limit, const std::atomic<bool>& closing) : limit_{limit}, closing_{closing} {}

    void install(sqlite3* handle) { sqlite3_progress_handler(handle, steps_between_checks, &time_limit::check, this); }
    void begin() noexcept {
        deadline_.reset();
        end_ = ending::none;
        is_running_ = true;
    }
    /// Call it after the function of the read has run, because ending the transaction of the read must not be interrupted.
    void end() noexcept { is_running_ = false; }
    [[nodiscard]] bool ends_read() const noexcept { return end_ != ending::none; }
    [[nodiscard]] error reason() const {
        switch (end_) {
        case ending::none:
        case ending::limit: break;
        case ending::work: return out_of_computation_time();
        case ending::closing: return closed();
        }
        return too_slow();
    }

private:
    enum class ending { none, limit, work, closing };

    static int check(void* self) {
        auto& limits = *static_cast<time_limit*>(self);
        if (!limits.is_running_)
            return 0;
        const auto now = steady::now();
        if (!limits.deadline_)
            limits.deadline_ = now + limits.limit_;
        if (limits.end_ == ending::none)
            limits.end_ = limits.find_cause_to_end(now);
        return limits.ends_read() ? 1 : 0;
    }
    [[nodiscard]] ending find_cause_to_end(steady::time_point now) const {
        if (closing_)
            return ending::closing;
        if (now >= *deadline_)
            return ending::limit;
        const auto* work = computation::current(); // a read does not suspend, so this is the computation that it belongs to
        return work && work->cause_to_stop(now) != computation::stop_cause::none ? ending::work : ending::none;
    }

    const std::chrono::milliseconds limit_;
    const std::atomic<bool>& closing_;
    std::optional<steady::time_point> deadline_;
    ending end_ = ending::none;
    bool is_running_ = false;
};

} // namespace

/// One thread's connection. The mutex is needed only for `close`, which another thread calls.
class readers::reader {
public:
    reader(const std::filesystem::path& file, damage_report& damage, std::chrono::milliseconds limit)
        : open_{std::in_place, file, damage, limit, closing_} {}

    result<> run(std::string_view owner, read_task& task) {
        const std::lock_guard lock{mutex_};
        if (!open_)
            return closed();
        open_->limit.begin();
        try {
            const reading_transaction transaction{*open_};
            sqlite_snapshot view{open_->source, owner};
            task.run(view);
        } catch (const failure&) {
            if (!open_->limit.ends_read())
                throw;
        }
        if (open_->limit.ends_read())
            return open_->limit.reason();
        return {};
    }

    /// Interrupts a computing read without waiting for it.
    void begin_close() noexcept { closing_ = true; }
    void close() noexcept {
        begin_close();
        const std::lock_guard lock{mutex_};
        open_.reset();
    }

private:
    struct state {
        state(const std::filesystem::path& file, damage_report& damage, std::chrono::milliseconds max_time,
              const std::atomic<bool>& closing)
            : source{file, connection::access::read_only, &damage}, limit{max_time, closing} {
            limit.install(source.handle());
        }
        connection source;
        time_limit limit;
        command begin{source, "BEGIN"};
        command end{source, "COMMIT"};
    };

    /// A transaction, so that all statements of one function see the same state of the database.
    class reading_transaction {
    public:
        explicit reading_transaction(state& s) : state_{s} { state_.begin.run_or_throw(); }
        ~reading_transaction() {
            state_.limit.end();
            if (state_.source.is_in_transaction()) // an I/O error may have ended it
                (void)state_.end.run();
        }
        reading_transaction(const reading_transaction&) = delete;
        reading_transaction& operator=(const reading_transaction&) = delete;

    private:
        state& state_;
    };

    std::atomic<bool> closing_ = false;
    std::mutex mutex_;
    std::optional<state> open_;
};

namespace {
std::atomic<std::uint64_t> next_serial = 1;
} // namespace

readers::readers(std::filesystem::path file, file_watch& watch, damage_report& damage, std::chrono::milliseconds limit)
    : file_{std::move(file)}, watch_{watch}, damage_{damage}, limit_{limit}, serial_{next_serial++} {}

readers::~readers() {
    close();
}

result<> readers::run(std::string_view owner, read_task& task) {
    if (auto in_place = watch_.state(); !in_place) [[unlikely]]
        return in_place;
    auto* const ours = thread_reader();
    if (ours) [[likely]]
        return ours->run(owner, task);
    auto in_place = watch_.state();
    return in_place ? closed() : in_place;
}

readers::reader* readers::thread_reader() {
    struct known {
        std::uint64_t serial = 0;
        reader* ours = nullptr;
    };
    // Serial numbers are never reused, so the pointer to a reader of a closed database is never followed.
    thread_local known last;
    if (last.serial == serial_) [[likely]]
        return last.ours;

    const std::lock_guard lock{mutex_};
    if (is_closed_)
        return nullptr;
    const auto self = std::this_thread::get_id();
    auto found = readers_.find(self);
    if (found == readers_.end()) { // opened before it is inserted, so that a failure leaves no entry
        auto opened = open();
        if (!opened)
            return nullptr;
        found = readers_.emplace(self, std::move(opened)).first;
    }
    last = {serial_, found->second.get()};
    return last.ours;
}

/// Opens a connection. Null if the path does not lead to the file, because the file was just moved or replaced. This is also
/// checked before opening: the path may now lead to another database that this process has open, and opening that file a second
/// time and closing it would release the POSIX locks of the first use.
std::unique_ptr<readers::reader> readers::open() {
    const auto is_in_place = [this] { return watch_.look() == file_watch::whereabouts::in_place; };
    if (!is_in_place())
        return nullptr;
    try {
        auto opened = std::make_unique<reader>(file_, damage_, limit_);
        return is_in_place() ? std::move(opened) : nullptr;
    } catch (const outage&) {
        if (is_in_place())
            throw;
        return nullptr;
    }
}

void readers::close() noexcept {
    const std::lock_guard lock{mutex_};
    is_closed_ = true;
    for (auto& [thread, each] : readers_)
        each->begin_close();
    for (auto& [thread, each] : readers_)
        each->close();
}

} // namespace atrium::storage::sqlite
