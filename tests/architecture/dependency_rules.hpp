#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::architecture {

/// One row of the table. For a room, `parts` are other rooms of its part.
struct allowance {
    std::set<std::string> parts;     ///< the relation is transitive
    std::set<std::string> libraries; ///< "boost/asio", "sqlite3"
};

/// All modules, each with the interfaces of others that it uses: {"orders", {"users_api"}}.
using module_uses = std::map<std::string, std::set<std::string>>;

/// The dependencies that each part and room may have. The rows MODULE and MODULE_api of the table apply to each module; a
/// module may also use the interfaces that it declares. Throws std::runtime_error if the table cannot be parsed, names an
/// unknown part or room, lets a room use anything but rooms of its part, or has a cycle, and if modules use each other in a
/// cycle, even through interfaces.
class dependency_rules {
public:
    explicit dependency_rules(std::string_view table, const module_uses& modules = {});

    [[nodiscard]] const std::map<std::string, allowance>& rows() const noexcept { return rows_; }
    [[nodiscard]] bool knows(std::string_view part) const;
    /// Whether the part has a row for at least one room.
    [[nodiscard]] bool has_rooms(std::string_view part) const;
    /// Both names are parts or rooms. A room may use the parts that its part may use, but not its part as a whole.
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

/// Returns a sentence for each violation of the rules by an include: a part or a library that is not allowed, a private header
/// of another part or of a room that is not allowed, a public header in `detail/` of another part, a file outside of its part's
/// rooms, a missing file, files that include each other in a cycle.
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
[[nodiscard]] std::string as_markdown(std::string_view table);

/// The part of a file under src/ or modules/; empty for all other files (tests, documents). For an unexpected folder of a
/// module, it returns a name that no table has.
[[nodiscard]] std::string part_of(std::string_view path);

/// The room of a file: "http/framing" for a file under src/http/framing, "http/server.cpp" for src/http/server.cpp. Empty for
/// public headers and for everything outside of src/.
[[nodiscard]] std::string room_of(std::string_view path);

} // namespace atrium::architecture
