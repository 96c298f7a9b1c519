#include "dependency_rules.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iterator>
#include <optional>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace atrium::architecture {
namespace {

std::set<std::string> words_of(const std::string& text) {
    std::istringstream stream{text};
    std::set<std::string> words;
    for (std::string word; stream >> word;)
        words.insert(word);
    return words;
}

/// Looks for cycles in a graph. If there are cycles, finds at least one. Calls `found` with the nodes of each cycle that it
/// finds; the first node is repeated at the end.
class cycle_finder {
public:
    using edges = std::map<std::string, std::set<std::string>>;
    cycle_finder(const edges& graph, std::function<void(const std::vector<std::string>&)> found)
        : graph_{graph}, found_{std::move(found)} {
        for (const auto& [node, ignored] : graph_)
            visit(node);
    }

private:
    void visit(const std::string& node) {
        if (const auto first = std::find(path_.begin(), path_.end(), node); first != path_.end()) {
            std::vector<std::string> cycle{first, path_.end()};
            cycle.push_back(node);
            found_(cycle);
            return;
        }
        if (!seen_.insert(node).second)
            return;
        path_.push_back(node);
        if (const auto next = graph_.find(node); next != graph_.end())
            for (const auto& each : next->second)
                visit(each);
        path_.pop_back();
    }

    const edges& graph_;
    std::function<void(const std::vector<std::string>&)> found_;
    std::set<std::string> seen_;
    std::vector<std::string> path_;
};

std::string join(const std::vector<std::string>& words, std::string_view separator) {
    std::string text;
    for (const auto& word : words)
        text.append(text.empty() ? "" : separator).append(word);
    return text;
}

struct include {
    std::string name;
    bool is_in_quotes = false;
};

/// The includes of a file. An include whose name cannot be parsed has an empty name.
std::vector<include> includes_of(const std::string& text) {
    static const std::regex include_line{R"(^\s*#\s*include\b\s*(.*))"};
    static const std::regex include_name{R"re(^[<"]([^>"]+)[>"].*)re"};
    std::vector<include> found;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);) {
        std::smatch rest;
        if (!std::regex_match(line, rest, include_line))
            continue;
        const auto argument = rest[1].str();
        std::smatch name;
        if (std::regex_match(argument, name, include_name))
            found.push_back({name[1], argument.front() == '"'});
        else
            found.push_back({});
    }
    return found;
}

/// Whether all parts may use the header. Headers without a dot belong to the standard library; those of POSIX are in a few
/// folders or have one of a few names that end with ".h".
bool is_allowed_everywhere(const std::string& name) {
    const auto folder = name.substr(0, name.find('/'));
    static const std::set<std::string> posix_folders{"sys", "netinet", "arpa", "net"};
    static const std::set<std::string> posix{"dirent.h", "fcntl.h", "grp.h",    "netdb.h",   "poll.h",  "pthread.h",
                                             "signal.h", "spawn.h", "stdlib.h", "termios.h", "unistd.h"};
    return name.find_first_of("./") == std::string::npos || posix_folders.contains(folder) || posix.contains(name);
}

/// "boost/asio" for <boost/asio/post.hpp>, "sqlite3" for <sqlite3.h>, "rabbitmq-c" for each of its headers <amqp*.h>.
std::string library_of(const std::string& name) {
    if (name.starts_with("amqp"))
        return "rabbitmq-c";
    const auto path = name.starts_with("boost/") ? name.substr(0, name.find('/', 6)) : name.substr(0, name.find('/'));
    return path.substr(0, path.find('.'));
}

/// The name that a library has in the table of allowed dependencies, from its name in CMake.
std::string library_of_link(const std::string& link) {
    static const std::map<std::string, std::string> libraries{
        {"asio", "boost/asio"},
        {"Boost::headers", "boost/core"}, // all header-only libraries of Boost; only Boost.Core is used through this name
        {"Boost::json", "boost/json"},
        {"Boost::url", "boost/url"},
        {"CLI11::CLI11", "CLI"},
        {"OpenSSL::Crypto", "openssl"},
        {"OpenSSL::SSL", "openssl"},
        {"prometheus-cpp::core", "prometheus"},
        {"SQLite::SQLite3", "sqlite3"},
        {"tomlplusplus::tomlplusplus", "toml++"},
        {"utf8proc::utf8proc", "utf8proc"},
        {"rabbitmq::rabbitmq", "rabbitmq-c"},
    };
    const auto known = libraries.find(link);
    return known == libraries.end() ? link : known->second;
}

/// The name of the row for a target: "http/framing" for http_framing, "app" for atrium.
std::string row_of_target(const std::string& name, const dependency_rules& rules) {
    if (name == "atrium" || name == "atrium_app")
        return "app";
    auto room = name;
    if (const auto end = room.find('_'); end != std::string::npos)
        room[end] = '/';
    return rules.knows(room) ? room : name;
}

std::string part_of_row(std::string_view row) {
    return std::string{row.substr(0, row.find('/'))};
}

bool is_room(std::string_view row) {
    return row.find('/') != std::string_view::npos;
}

/// A row of the table, in which MODULE and MODULES are not replaced yet.
struct table_row {
    std::string part;
    std::string parts;
    std::string libraries;
    std::string description; ///< may be missing
};

std::vector<table_row> rows_of(std::string_view table) {
    static const std::regex part_form{R"(^(\w+):([^|]*)\|([^|]*)(?:\| *([^|]*))?$)"};
    static const std::regex room_form{R"(^(\w+/\w+):([^|]*)()()$)"};
    std::vector<table_row> rows;
    std::istringstream stream{std::string{table}};
    for (std::string line; std::getline(stream, line);) {
        if (line.empty() || line.front() == '#')
            continue;
        std::smatch row;
        if (!std::regex_match(line, row, part_form) && !std::regex_match(line, row, room_form))
            throw std::runtime_error{"cannot read the row: " + line};
        rows.push_back({row[1], row[2], row[3], row[4]});
    }
    return rows;
}

bool is_of_modules(const std::string& part) {
    return part == "MODULE" || part == "MODULE_api";
}

/// Replaces MODULE in a word: returns "users_api" for "MODULE_api", "users" for "MODULE".
std::string replace_module(std::string word, const std::string& name) {
    constexpr std::string_view placeholder = "MODULE";
    return is_of_modules(word) ? word.replace(0, placeholder.size(), name) : word;
}

std::set<std::string> replace_module(const std::set<std::string>& words, const std::string& name) {
    std::set<std::string> replaced;
    for (const auto& word : words)
        replaced.insert(replace_module(word, name));
    return replaced;
}

std::set<std::string> replace_modules(std::set<std::string> parts, const std::set<std::string>& names) {
    if (parts.erase("MODULES") != 0)
        parts.insert(names.begin(), names.end());
    return parts;
}

/// The module behind an interface: "users" for "users_api"; empty if this is not the name of an interface.
std::string module_of(const std::string& interface) {
    constexpr std::string_view end = "_api";
    return interface.ends_with(end) ? interface.substr(0, interface.size() - end.size()) : std::string{};
}

void check_cycles(const module_uses& modules) {
    cycle_finder::edges graph;
    for (const auto& [name, uses] : modules)
        for (const auto& used : uses)
            graph[name].insert(module_of(used));
    cycle_finder{graph, [](const auto& cycle) {
                     throw std::runtime_error{"modules use each other in a cycle: " + join(cycle, " -> ")};
                 }};
}

/// Resolves the includes of all files and checks them.
class include_checker {
public:
    include_checker(const std::vector<source>& sources, const dependency_rules& rules) : rules_{rules} {
        for (const auto& each : sources)
            if (!part_of(each.path).empty())
                files_.emplace(each.path, &each.text);
    }

    std::vector<std::string> check() {
        for (const auto& [path, text] : files_) {
            if (!rules_.knows(part_of(path)))
                faults_.push_back(path + ": the table has no row for the part " + part_of(path));
            if (const auto room = room_of(path); !room.empty() && rules_.has_rooms(part_of(path)) && !rules_.knows(room))
                faults_.push_back(path + ": the table has no row for the room " + room);
            for (const auto& each : includes_of(*text))
                check(path, each);
        }
        cycle_finder{graph_, [this](const auto& cycle) {
                         faults_.push_back("files include each other in a cycle: " + join(cycle, " -> "));
                     }};
        return std::move(faults_);
    }

private:
    void check(const std::string& includer, const include& included) {
        if (included.name.empty())
            add_fault(includer, "has an include whose name cannot be read");
        else if (included.is_in_quotes)
            check_private(includer, included.name);
        else
            check_public(includer, included.name);
    }

    void check_private(const std::string& includer, const std::string& name) {
        const auto file = std::filesystem::path{name}.filename();
        if (file == "migrations.hpp" || file == "module_headers.hpp") // created by CMake in the build folder
            return;
        const auto target = find_private(includer, name);
        if (!target)
            add_fault(includer, "includes \"" + name + "\", which is not a file of its own part");
        else if (part_of(*target) != part_of(includer))
            add_fault(includer, "includes \"" + name + "\", a private header of " + part_of(*target));
        else if (!may_use_room(includer, *target))
            add_fault(includer, "includes \"" + name + "\", but " +
                                    (room_of(includer).empty() ? "a public header" : room_of(includer)) + " may not use " +
                                    room_of(*target));
        else
            graph_[includer].insert(*target);
    }

    /// Whether a file may include this private header of its part. A public header belongs to no room and must not include
    /// private headers, because other parts could not find them.
    [[nodiscard]] bool may_use_room(const std::string& includer, const std::string& target) const {
        return !rules_.has_rooms(part_of(includer)) || rules_.may_use_part(room_of(includer), room_of(target));
    }

    void check_public(const std::string& includer, const std::string& name) {
        if (const auto target = find_public(name)) {
            graph_[includer].insert(*target);
            if (!rules_.may_use_part(part_of(includer), part_of(*target)))
                add_fault(includer, "includes <" + name + ">, but " + part_of(includer) + " may not use " + part_of(*target));
            else if (name.find("/detail/") != std::string::npos && part_of(includer) != part_of(*target))
                add_fault(includer, "includes <" + name + ">, a detail of " + part_of(*target));
        } else if (!is_allowed_everywhere(name) && !rules_.may_use_library(part_of(includer), library_of(name))) {
            add_fault(includer, "includes <" + name + ">, but " + part_of(includer) + " may not use " + library_of(name));
        }
    }

    /// Looks in the folder of the file, then in the private root folder of the part.
    [[nodiscard]] std::optional<std::string> find_private(const std::string& includer, const std::string& name) const {
        const std::filesystem::path file{includer};
        const bool in_module = includer.starts_with("modules/");
        std::filesystem::path root;
        auto step = file.begin();
        for (int i = 0; i < 2; ++i)
            root /= *step++;
        for (const auto& base : {file.parent_path(), in_module ? root / "src" : root})
            if (const auto path = (base / name).lexically_normal().string(); files_.contains(path))
                return path;
        return std::nullopt;
    }

    [[nodiscard]] std::optional<std::string> find_public(const std::string& name) const {
        const auto folder = name.substr(0, name.find('/'));
        for (const auto& path :
             {"src/" + folder + "/api/" + name, "modules/" + folder + "/api/" + name, "modules/" + folder + "/include/" + name})
            if (files_.contains(path))
                return path;
        return std::nullopt;
    }

    void add_fault(const std::string& includer, const std::string& violation) {
        faults_.push_back(includer + ": " + violation);
    }

    const dependency_rules& rules_;
    std::map<std::string, const std::string*> files_;
    cycle_finder::edges graph_;
    std::vector<std::string> faults_;
};

} // namespace

dependency_rules::dependency_rules(std::string_view table, const module_uses& modules) {
    std::set<std::string> names;
    for (const auto& [name, ignored] : modules)
        names.insert(name);
    for (const auto& each : rows_of(table)) {
        if (!is_of_modules(each.part)) {
            add(each.part, {replace_modules(words_of(each.parts), names), words_of(each.libraries)});
            continue;
        }
        for (const auto& [name, uses] : modules) {
            allowance allowed{replace_module(words_of(each.parts), name), words_of(each.libraries)};
            if (each.part == "MODULE")
                allowed.parts.insert(uses.begin(), uses.end());
            add(replace_module(each.part, name), std::move(allowed));
        }
    }

    cycle_finder::edges graph;
    for (const auto& [user, allowed] : rows_) {
        if (is_room(user) && !knows(part_of_row(user)))
            throw std::runtime_error{user + " is a room of a part that has no row"};
        for (const auto& used : allowed.parts) {
            if (!knows(used))
                throw std::runtime_error{user + " may use " + used + ", which has no row"};
            if (is_room(user) != is_room(used) || (is_room(user) && part_of_row(user) != part_of_row(used)))
                throw std::runtime_error{user + " may use " + used + ", which is not in the same part"};
        }
        graph[user] = allowed.parts;
    }
    cycle_finder{graph, [](const auto& cycle) { throw std::runtime_error{"the table has a cycle: " + join(cycle, " -> ")}; }};
    check_cycles(modules);
}

void dependency_rules::add(const std::string& part, allowance allowed) {
    if (!rows_.emplace(part, std::move(allowed)).second)
        throw std::runtime_error{"the table has two rows for " + part};
}

bool dependency_rules::knows(std::string_view part) const {
    return rows_.contains(std::string{part});
}

bool dependency_rules::has_rooms(std::string_view part) const {
    const auto prefix = std::string{part} + "/";
    const auto first = rows_.lower_bound(prefix);
    return first != rows_.end() && first->first.starts_with(prefix);
}

bool dependency_rules::may_use_part(std::string_view user, std::string_view used) const {
    if (user == used)
        return true;
    if (is_room(user) && part_of_row(user) != part_of_row(used))
        return may_use_part(part_of_row(user), used);
    if (!is_room(user) && is_room(used))
        return may_use_part(user, part_of_row(used));
    const auto row = rows_.find(std::string{user});
    return row != rows_.end() && std::any_of(row->second.parts.begin(), row->second.parts.end(),
                                             [&](const std::string& next) { return may_use_part(next, used); });
}

bool dependency_rules::may_use_library(std::string_view user, std::string_view library) const {
    const auto row = rows_.find(part_of_row(user));
    return row != rows_.end() && row->second.libraries.contains(std::string{library});
}

std::vector<std::string> faults_of_includes(const std::vector<source>& sources, const dependency_rules& rules) {
    return include_checker{sources, rules}.check();
}

module_uses modules_of(const std::vector<target>& targets) {
    std::set<std::string> names;
    for (const auto& each : targets)
        names.insert(each.name);
    module_uses modules;
    for (const auto& each : targets) {
        if (!names.contains(each.name + "_api"))
            continue;
        auto& uses = modules[each.name];
        for (const auto& link : each.links)
            if (link != each.name + "_api" && names.contains(module_of(link)))
                uses.insert(link);
    }
    return modules;
}

std::string to_markdown(std::string_view table) {
    const auto path_of = [](const std::string& part) {
        return part == "MODULE" ? "modules/NAME" : part == "MODULE_api" ? "modules/NAME/api" : "src/" + part;
    };
    std::string text = "| folder | holds | may use | libraries |\n|---|---|---|---|\n";
    for (const auto& row : rows_of(table)) {
        if (is_room(row.part))
            continue; // a room is described in the README of its part
        const auto list = [](const std::string& words) {
            std::istringstream stream{words};
            return join({std::istream_iterator<std::string>{stream}, {}}, ", ");
        };
        text += "| `" + path_of(row.part) + "` | " + row.description + " | " + list(row.parts) + " | " + list(row.libraries) +
                " |\n";
    }
    return text;
}

std::vector<std::string> faults_of_links(const std::vector<target>& targets, const dependency_rules& rules) {
    std::vector<std::string> faults;
    for (const auto& each : targets) {
        const auto user = row_of_target(each.name, rules);
        if (!rules.knows(user))
            faults.push_back(each.name + ": the table has no row for this target");
        for (const auto& link : each.links) {
            const auto used = row_of_target(link, rules);
            const bool allowed =
                rules.knows(used) ? rules.may_use_part(user, used) : rules.may_use_library(user, library_of_link(link));
            if (!allowed)
                faults.push_back(each.name + ": links to " + link + ", but " + user + " may not use it");
        }
    }
    return faults;
}

std::string part_of(std::string_view path) {
    const std::filesystem::path file{path};
    std::vector<std::string> steps;
    for (const auto& step : file)
        steps.push_back(step.string());
    if (steps.size() > 2 && steps[0] == "src")
        return steps[1];
    if (steps.size() < 4 || steps[0] != "modules" || steps[2] == "tests")
        return {};
    if (steps[2] == "api")
        return steps[1] + "_api";
    return steps[2] == "src" || steps[2] == "include" ? steps[1] : steps[1] + "/" + steps[2];
}

std::string room_of(std::string_view path) {
    if (!path.starts_with("src/"))
        return {};
    const auto inside = path.substr(4);
    const auto end = inside.find('/', inside.find('/') + 1);
    const auto room = inside.substr(0, end);
    return room.ends_with("/api") ? std::string{} : std::string{room};
}

} // namespace atrium::architecture
