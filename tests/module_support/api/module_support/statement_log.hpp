#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::support {

/// Each SQL statement that SQLite runs in this process, as long as this lives, on connections that are opened meanwhile: made
/// before the databases. One at a time; its members on any thread.
class statement_log {
public:
    statement_log();
    ~statement_log();
    statement_log(const statement_log&) = delete;
    statement_log& operator=(const statement_log&) = delete;

    void clear();

    /// Steps of SQLite's virtual machine that statements which have ended took since `clear`: what they cost, the same each
    /// time.
    [[nodiscard]] std::int64_t steps() const;

    /// Those since `clear` that mention one of these words.
    [[nodiscard]] std::vector<std::string> mentioning(const std::vector<std::string_view>& words) const;
};

} // namespace atrium::support
