#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::support {

/// Records each SQL statement that SQLite runs in this process on connections that were opened while the object exists. So this
/// object must be created before the databases. Only one object may exist at a time. Its members may be called on any thread.
class statement_log {
public:
    statement_log();
    ~statement_log();
    statement_log(const statement_log&) = delete;
    statement_log& operator=(const statement_log&) = delete;

    void clear();

    /// The cost of all statements that have ended since the start or the last `clear`: the number of steps of SQLite's virtual
    /// machine, which is the same in each run.
    [[nodiscard]] std::int64_t steps() const;

    /// The statements since the start or the last `clear` that contain at least one of these words.
    [[nodiscard]] std::vector<std::string> mentioning(const std::vector<std::string_view>& words) const;
};

} // namespace atrium::support
