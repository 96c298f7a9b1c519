#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::architecture {

/// One row of the table of allowed dependencies. A room is a folder of a part that is a target of its own; in its row, `parts`
/// are other rooms of the same part.
struct allowance {
    std::set<std::string> parts;     ///< whatever these may use is allowed as well
    std::set<std::string> libraries; ///< "boost/asio", "sqlite3"
};

/// All modules, each with the interfaces of others that it uses: {"orders", {"users_api"}}.
using module_uses = std::map<std::string, std::set<std::string>>;

/// The dependencies that each part and room may have. The rows MODULE and MODULE_api of the table apply to each module; a
/// module may also use the interfaces that it declares. Throws std::runtime_error if the table cannot be parsed, contains
/// an unknown part or room, allows a room to use anything but rooms of its part, or has a cycle. Also throws it if modules use
/// each other in a cycle, even if only through interfaces.
class dependency_rules {
public:
    explicit dependency_rules(std::string_view table, const module_uses& modules = {});

    [[nodiscard]] const std::map<std::string, allowance>& rows() const noexcept { return rows_; }
    [[nodiscard]] bool knows(std::string_view part) const;
    /// Whether the table has a row for at least one room of the part.
    [[nodiscard]] bool has_rooms(std::string_view part) const;
    /// `user` and `used` are parts or rooms. A room may use the parts that its part may use, but not its part as a whole.
    [[nodiscard]] bool may_use_part(std::string_view user, std::string_view used) const;
    /// Whether the part, or the part that a room belongs to, may use the library.
    [[nodiscard]] bool may_use_library(std::string_view user, std::string_view library) const;

private:
    void add(const std::string& part, allowance allowed);

    std::map<std::string, allowance> rows_;
};

/// One file, by its path from the root of the repository.
struct source {
    std::string path;
    std::string text;
};

/// Returns a sentence for each include that violates the rules. A file must not include a part, a library or a room that is not
/// allowed, a private header of another part, a header in `detail/` of another part, or a file that does not exist. Files must
/// not include each other in a cycle. Also returns a sentence for each file that has no row, or is outside of the rooms of its
/// part.
[[nodiscard]] std::vector<std::string> faults_of_includes(const std::vector<source>& sources, const dependency_rules& rules);

/// A target of CMake and the names of its links.
struct target {
    std::string name;
    std::vector<std::string> links;
};

/// The modules among these targets: each NAME for which there is a NAME_api.
[[nodiscard]] module_uses modules_of(const std::vector<target>& targets);

/// Returns a sentence for each link that the rules do not allow.
[[nodiscard]] std::vector<std::string> faults_of_links(const std::vector<target>& targets, const dependency_rules& rules);

/// The table as Markdown, for docs/architecture.md.
[[nodiscard]] std::string to_markdown(std::string_view table);

/// The part of a file under src/ or modules/; empty for all other files (tests, documents). For an unexpected folder of a
/// module, returns a name that has no row in any table.
[[nodiscard]] std::string part_of(std::string_view path);

/// The room of a file: "http/framing" for a file under src/http/framing, "http/server.cpp" for src/http/server.cpp. Empty for
/// public headers and for everything outside of src/.
[[nodiscard]] std::string room_of(std::string_view path);

} // namespace atrium::architecture
