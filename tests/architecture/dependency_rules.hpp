#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::architecture {

/// One row of the table; of a room, `parts` are other rooms of its part.
struct allowance {
    std::set<std::string> parts;     ///< with what those may use, and so on
    std::set<std::string> libraries; ///< "boost/asio", "sqlite3"
};

/// The modules that there are, and for each the interfaces of others that it uses: {"orders", {"users_api"}}.
using module_uses = std::map<std::string, std::set<std::string>>;

/// Which part and which room may use what. The rows MODULE and MODULE_api of the table are meant for each module; a module may
/// use the interfaces that it declares as well. Throws std::runtime_error for a table that cannot be read, names an unknown
/// part or room, lets a room use something else than rooms of its part, or lets parts or rooms use each other in a circle; and
/// if modules do, whatever the interfaces between them are.
class dependency_rules {
public:
    explicit dependency_rules(std::string_view table, const module_uses& modules = {});

    [[nodiscard]] const std::map<std::string, allowance>& rows() const noexcept { return rows_; }
    [[nodiscard]] bool knows(std::string_view part) const;
    /// Whether the part has a row for at least one room.
    [[nodiscard]] bool has_rooms(std::string_view part) const;
    /// Either name is a part or a room. A room may use what its part may use; nothing of a part may use that part as a whole.
    [[nodiscard]] bool may_use_part(std::string_view user, std::string_view used) const;
    /// Of a part, or of the part that a room belongs to.
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

/// Everything that the files' includes do against the rules, a sentence each: a part or a library that is not allowed, a
/// private header of another part or of a room that is not allowed, a public header in `detail/` of another part, a file
/// outside of its part's rooms, an include that leads nowhere, files that include each other in a circle.
[[nodiscard]] std::vector<std::string> faults_of_includes(const std::vector<source>& sources, const dependency_rules& rules);

/// A target of CMake and what it links to, by name.
struct target {
    std::string name;
    std::vector<std::string> links;
};

/// The modules among these targets: each NAME beside which there is a NAME_api.
[[nodiscard]] module_uses modules_of(const std::vector<target>& targets);

/// The same for link lists.
[[nodiscard]] std::vector<std::string> faults_of_links(const std::vector<target>& targets, const dependency_rules& rules);

/// The table as Markdown, for people.
[[nodiscard]] std::string as_markdown(std::string_view table);

/// The part that a file under src/ or modules/ belongs to; empty for all others (tests, documents). A folder of a module that
/// modules do not have is a part that no table knows.
[[nodiscard]] std::string part_of(std::string_view path);

/// "http/framing" for a file under src/http/framing; "http/server.cpp" for src/http/server.cpp. Empty for public headers and
/// for everything outside of src/.
[[nodiscard]] std::string room_of(std::string_view path);

} // namespace atrium::architecture
