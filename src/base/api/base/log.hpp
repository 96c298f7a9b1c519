#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace atrium {

class line_writer;

enum class log_level { trace, debug, info, warning, error, off };
enum class log_format { text, json };

struct log_settings {
    log_level level = log_level::info;
    log_format format = log_format::text;
};

/// One named value of a log line: `{"port", 8000}`. Numbers stay numbers in the JSON form.
struct log_field {
    log_field(std::string_view n, std::string_view v) : name{n}, text{v} {}
    log_field(std::string_view n, const char* v) : name{n}, text{v} {}
    log_field(std::string_view n, const std::string& v) : name{n}, text{v} {}
    template <class T>
        requires std::is_arithmetic_v<T>
    log_field(std::string_view n, T v) : name{n}, text{std::to_string(v)}, is_number{true} {
        if constexpr (std::is_same_v<T, bool>)
            text = v ? "true" : "false";
        else if constexpr (std::is_floating_point_v<T>)
            is_number = std::isfinite(v); // JSON cannot represent infinity and NaN
    }

    std::string name;
    std::string text;
    bool is_number = false; ///< `text` is a JSON number or boolean
};

/// Writes log lines for one component. Cheap to copy: each object that logs has its own copy. Can be used on any thread; lines
/// never mix.
///
/// A thread that logs never waits for the reader of the log: see `line_writer`. The destructor of the last copy waits for the
/// lines that are not written yet.
///
/// The message is a constant phrase that can be searched for; variable parts go into fields.
class logger {
public:
    /// Writes nothing.
    logger() = default;

    /// Writes to standard error.
    logger(const log_settings& settings, std::string_view component);

    /// A logger with the same settings and output, for another component.
    [[nodiscard]] logger named(std::string_view component) const;

    /// A logger that adds these fields to every line, such as a request id.
    [[nodiscard]] logger with(std::vector<log_field> fields) const;

    [[nodiscard]] bool enabled(log_level level) const noexcept;

    void debug(std::string_view message, std::vector<log_field> fields = {}) const;
    void info(std::string_view message, std::vector<log_field> fields = {}) const;
    void warning(std::string_view message, std::vector<log_field> fields = {}) const;
    void error(std::string_view message, std::vector<log_field> fields = {}) const;

    /// Like `info`, but ignores the configured level. This is for the line that reports that the server listens.
    void announce(std::string_view message, std::vector<log_field> fields = {}) const;

    /// Waits until all lines so far are written. Gives up after `limit`, or when the reader has taken nothing for a second.
    void flush(std::chrono::milliseconds limit) const;

    /// Number of lines that have been dropped so far, because they were not read in time or could not be written (a full disk).
    [[nodiscard]] std::uint64_t dropped_lines() const noexcept;

private:
    void write(log_level level, std::string_view message, const std::vector<log_field>& fields) const;
    void append_line(log_level level, std::string_view message, const std::vector<log_field>& fields) const;

    std::shared_ptr<line_writer> output_; ///< if null, nothing is written
    std::string component_;
    std::vector<log_field> common_fields_;
    log_level level_ = log_level::off;
    log_format format_ = log_format::text;
};

} // namespace atrium
