#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::console {

/// The columns of a sample. `requests`, `client_errors`, `server_errors`, `commits`, `published`, `handled` and `failed` are
/// rates: averages per second over the interval before the sample. A figure that is not known is NaN.
enum class column : std::size_t {
    time, ///< in whole seconds since 1970
    requests,
    client_errors,
    server_errors,
    p50, ///< quantiles of the response time, in seconds; unknown if no request was answered
    p90,
    p99,
    commits,
    batch, ///< average number of writes per commit; unknown if nothing was committed
    writer_queue,
    published,
    handled,
    failed,
    backlog,
    dead_letters,
    memory, ///< the resident memory of the process, in bytes
    wal,    ///< the size of the write-ahead log, in bytes
    connections,
};
inline constexpr std::array<std::string_view, 18> column_names{
    "time",   "requests", "client_errors", "server_errors", "p50",       "p90",
    "p99",    "commits",  "batch",         "writer_queue",  "published", "handled",
    "failed", "backlog",  "dead_letters",  "memory",        "wal",       "connections"};

/// One sample.
struct sample {
    std::array<double, column_names.size()> values{};

    [[nodiscard]] double& operator[](column c) noexcept { return values[static_cast<std::size_t>(c)]; }
    [[nodiscard]] double operator[](column c) const noexcept { return values[static_cast<std::size_t>(c)]; }
};

/// Rates of the last interval, by name. The rate of a name that is missing is 0.
struct rates {
    std::map<std::string, double> routes{};        ///< "GET /users/"
    std::map<std::string, double> topics{};        ///< published events
    std::map<std::string, double> subscriptions{}; ///< handled events
};

/// The samples of the last hour, in memory. Can be used on any thread.
class history {
public:
    static constexpr std::size_t capacity = 720; ///< an hour of samples every 5 s

    explicit history(std::chrono::milliseconds interval) : interval_{interval} {}

    void add(const sample& s, rates latest);

    /// All samples that are newer than `after`, the oldest first, and the latest rates.
    [[nodiscard]] std::string to_json(std::int64_t after) const;

private:
    const std::chrono::milliseconds interval_;
    mutable std::mutex mutex_;
    std::deque<sample> samples_;
    rates latest_;
};

} // namespace atrium::console
