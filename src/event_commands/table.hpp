#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace atrium::event_commands {

/// A table for people. Each column is as wide as its widest cell.
class table {
public:
    struct column {
        std::string heading;
        bool is_number = false; ///< the cells are aligned to the right
    };

    explicit table(std::vector<column> columns) : columns_{std::move(columns)} {}

    /// Adds a row with one cell for each column. Characters that a terminal does not show are escaped.
    void add(std::vector<std::string> cells);

    [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }

    /// One line for the headings and one for each row. The last column is cut, but not to fewer than 8 characters, so that a
    /// line has at most `width` characters; 0 means no limit.
    [[nodiscard]] std::string render(std::size_t width) const;

private:
    std::vector<column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

} // namespace atrium::event_commands
