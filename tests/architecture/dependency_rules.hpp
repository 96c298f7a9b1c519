#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::architecture {

/// One row of the table.
struct allowance {
    std::set<std::string> parts;     ///< with what those may use, and so on
    std::set<std::string> libraries; ///< "boost/asio", "sqlite3"
};

/// Which part may use what, by part. Throws std::runtime_error for a table that cannot be read, names an unknown part, or lets
/// parts use each other in a circle.
class dependency_rules {
public:
    explicit dependency_rules(std::string_view table);

    [[nodiscard]] const std::map<std::string, allowance>& rows() const noexcept { return rows_; }
    [[nodiscard]] bool knows(std::string_view part) const;
    [[nodiscard]] bool may_use_part(std::string_view user, std::string_view used) const;
    [[nodiscard]] bool may_use_library(std::string_view user, std::string_view library) const;

private:
    std::map<std::string, allowance> rows_;
};

/// One file, by its path from the root of the repository.
struct source {
    std::string path;
    std::string text;
};

/// Everything that the files' includes do against the rules, a sentence each: a part or a library that is not allowed, a
/// private header of another part, an include that leads nowhere, files that include each other in a circle.
[[nodiscard]] std::vector<std::string> faults_of_includes(const std::vector<source>& sources, const dependency_rules& rules);

/// A target of CMake and what it links to, by name.
struct target {
    std::string name;
    std::vector<std::string> links;
};

/// The same for link lists.
[[nodiscard]] std::vector<std::string> faults_of_links(const std::vector<target>& targets, const dependency_rules& rules);

/// The part that a file under src/ or modules/ belongs to; empty for all others (tests, documents).
[[nodiscard]] std::string part_of(std::string_view path);

} // namespace atrium::architecture
