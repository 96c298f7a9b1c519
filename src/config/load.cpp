#include "key_table.hpp"
#include "secrecy.hpp"

#include <base/printable.hpp>
#include <base/text.hpp>
#include <config/suggestion.hpp>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

namespace atrium::config {
namespace {

constexpr std::string_view environment_prefix = "ATRIUM_";

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words)
        out.append(out.empty() ? "" : ", ").append(word);
    return out;
}

/// The names of the keys of a section, without the name of the section.
std::vector<std::string> short_names(const section& owner) {
    std::vector<std::string> names;
    names.reserve(owner.keys.size());
    for (const auto& key : owner.keys)
        names.push_back(key.name.substr(owner.name.size() + 1));
    return names;
}

/// The message for an unknown key, with the key that was probably meant, or otherwise the keys of its section.
std::string unknown_key(const key_table& table, std::string_view name) {
    auto out = "there is no key " + std::string{name};
    if (const auto suggestion = nearest(name, table.key_names()); !suggestion.empty())
        return out + "; did you mean " + suggestion + "?";
    for (const auto& section : table.sections)
        if (name.starts_with(section.name + ".") && !section.keys.empty())
            out += "; [" + section.name + "] has " + joined(short_names(section));
    return out;
}

std::string unknown_section(const key_table& table, std::string_view name) {
    auto out = "there is no section [" + std::string{name} + "]; ";
    if (const auto suggestion = nearest(name, table.section_names()); !suggestion.empty())
        return out + "did you mean [" + suggestion + "]?";
    std::vector<std::string> headers;
    headers.reserve(table.sections.size());
    for (const auto& section : table.sections)
        headers.push_back("[" + section.name + "]");
    return out + "the sections are " + joined(headers);
}

/// Converts a key from a file to a form that a message may contain. The key may be any text.
std::string shown_name(std::string_view name) {
    return may_hold_password(name) ? std::string{not_shown} : printable(name);
}

/// Assigns a value to a key. Returns the error message if the value is not allowed, otherwise an empty string.
std::string assign_value(key& target, const value& input, value_source source, std::string origin) {
    if (target.take_tables) {
        if (auto message = target.take_tables(input); !message.empty()) {
            // The tables of an earlier source may be partly overwritten now, so no rule may check them. A rule is not checked
            // if none of its keys has an origin.
            target.origin.clear();
            return target.name + message;
        }
    } else if (!target.take(input)) {
        return target.name + " is " + shown_value(input, target.is_secret) + "; it can be " + target.allowed;
    }
    target.origin = std::move(origin);
    target.source = source;
    target.display_text = shown_value(input, target.is_secret);
    return {};
}

} // namespace

std::string take_table(key_table& keys, const toml::table& table) {
    for (const auto& [name, node] : table) {
        auto* found = keys.find("." + std::string{name.str()});
        if (found == nullptr)
            return " has no key " + shown_name(name.str()) + "; its keys are " + joined(short_names(keys.sections.front()));
        // No rule or message refers to the origin of a key in a table, so it is empty.
        if (auto message = assign_value(*found, value_of(node), value_source::file, {}); !message.empty())
            return message;
    }
    return {};
}

namespace {

/// Reads one TOML file into a key table. Sorts the errors by line, because the tables of toml++ are sorted by name.
class file_reader {
public:
    file_reader(key_table& table, const std::filesystem::path& path) : table_{table}, name_{path.string()} {}

    [[nodiscard]] std::vector<std::string> read() {
        const auto text = contents();
        if (!faults_.empty())
            return texts();
        try {
            walk(toml::parse(text), "");
        } catch (const toml::parse_error& e) {
            fault(e.source(), "not TOML: " + without_excerpts(e.description()));
        }
        return texts();
    }

private:
    std::string contents() {
        std::error_code ignored;
        if (std::filesystem::is_directory(name_, ignored)) {
            faults_.emplace_back(0, name_ + ": this is a folder, not a file");
            return {};
        }
        std::ifstream file{name_, std::ios::binary};
        std::ostringstream all;
        if (file.is_open() && file.peek() != std::ifstream::traits_type::eof())
            all << file.rdbuf();
        if (!file.is_open() || file.bad())
            faults_.emplace_back(0, name_ + ": cannot be read: " + std::generic_category().message(errno));
        return all.str();
    }

    void walk(const toml::table& table, const std::string& prefix) {
        for (const auto& [key, node] : table) {
            // A name with a dot in it was quoted in the file, and is never the name of a key. The quotes that are added here
            // prevent `find` from finding such a name.
            const auto own_name =
                key.str().find('.') == std::string_view::npos ? shown_name(key.str()) : in_quotes(shown_name(key.str()));
            const auto name = prefix + own_name;
            if (auto* found = table_.find(name); found != nullptr)
                assign(*found, node, key.source());
            else if (const auto* inner = node.as_table(); inner != nullptr && is_section(name))
                walk(*inner, name + ".");
            else if (is_section(name))
                fault(key.source(),
                      name + " is " + shown_value(value_of(node), holds_secrets(name)) + "; it is a section: [" + name + "]");
            else if (inner != nullptr)
                fault(key.source(), unknown_section(table_, name));
            else
                fault(key.source(), unknown_key(table_, name));
        }
    }

    void assign(key& target, const toml::node& node, const toml::source_region& region) {
        if (auto message = assign_value(target, value_of(node), value_source::file, line(region)); !message.empty())
            fault(region, std::move(message));
    }

    /// Whether there are keys in a section of this name, or in sections below it.
    [[nodiscard]] bool is_section(const std::string& name) const {
        const auto& all = table_.sections;
        return std::any_of(all.begin(), all.end(), [&](const section& s) { return is_in(s, name); });
    }

    /// Whether a key in the section of this name, or in sections below it, is secret.
    [[nodiscard]] bool holds_secrets(const std::string& name) const {
        const auto& all = table_.sections;
        return std::any_of(all.begin(), all.end(), [&](const section& s) {
            return is_in(s, name) && std::any_of(s.keys.begin(), s.keys.end(), [](const key& k) { return k.is_secret; });
        });
    }

    static bool is_in(const section& s, const std::string& name) { return s.name == name || s.name.starts_with(name + "."); }

    /// The description of an error by toml++, without the excerpt from the file, which may be part of a password.
    static std::string without_excerpts(std::string_view description) {
        if (const auto end = description.find(", saw "); end != std::string_view::npos)
            return std::string{description.substr(0, end)};
        if (const auto end = description.find("' is not "); end != std::string_view::npos)
            return "a number" + std::string{description.substr(end + 1)};
        return printable(description);
    }

    [[nodiscard]] std::string line(const toml::source_region& region) const {
        return name_ + ":" + std::to_string(region.begin.line);
    }

    void fault(const toml::source_region& region, std::string problem) {
        faults_.emplace_back(region.begin.line, line(region) + ": " + std::move(problem));
    }

    [[nodiscard]] std::vector<std::string> texts() {
        std::stable_sort(faults_.begin(), faults_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        std::vector<std::string> out;
        out.reserve(faults_.size());
        for (auto& [line, text] : faults_)
            out.push_back(std::move(text));
        return out;
    }

    key_table& table_;
    std::string name_;
    std::vector<std::pair<toml::source_index, std::string>> faults_;
};

/// Whether the name of an environment variable has the form of a key: ATRIUM_X__Y. All other variables are ignored.
bool has_key_form(std::string_view name) {
    if (!name.starts_with(environment_prefix))
        return false;
    const auto divider = name.find("__", environment_prefix.size());
    return divider != std::string_view::npos && divider != environment_prefix.size();
}

std::string unknown_variable(const key_table& table, std::string_view name) {
    std::vector<std::string> names;
    for (const auto& key : table.key_names())
        names.push_back(environment_name(key));
    const auto suggestion = nearest(name, names);
    return "no key has this name" + (suggestion.empty() ? std::string{} : "; did you mean " + suggestion + "?");
}

value raw_value(const key& target, std::string_view raw) {
    const bool is_raw_text = target.is_text && !(target.can_be_list && raw.starts_with('['));
    return is_raw_text ? text_value(raw) : toml_value(raw);
}

std::string take_variable(key_table& table, std::string_view variable) {
    const auto name = variable.substr(0, variable.find('='));
    if (!has_key_form(name))
        return {};
    const auto origin = "environment " + std::string{name};
    for (auto& section : table.sections)
        for (auto& key : section.keys)
            if (environment_name(key.name) == name) {
                const auto raw = variable.substr(std::min(name.size() + 1, variable.size()));
                auto message = assign_value(key, raw_value(key, raw), value_source::environment, origin);
                return message.empty() ? message : origin + ": " + message;
            }
    return origin + ": " + unknown_variable(table, name);
}

/// The errors that a rule finds. Each begins with the origin of the first key of the rule that was set. Empty if none of its
/// keys was set.
std::vector<std::string> faults_of(const rule& rule, const schema& schema) {
    const auto set_key =
        std::find_if(rule.keys.begin(), rule.keys.end(), [&](const auto& key) { return !schema.origin(key).empty(); });
    if (set_key == rule.keys.end())
        return {};
    auto faults = rule.find_faults();
    for (auto& fault : faults)
        fault.insert(0, schema.origin(*set_key) + ": ");
    return faults;
}

/// Returns the text if it is printable, otherwise "(not readable)".
std::string readable(std::string_view text) {
    return std::string{is_utf8(text) && is_printable(text) ? text : "(not readable)"};
}

/// Whether a string has only characters that occur in names of keys. Any other string before "=" may be part of a password.
bool could_be_key(std::string_view name) {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
    return !name.empty() && name.find_first_not_of(allowed) == std::string_view::npos;
}

std::string shown_assignment(const key& target, std::string_view assignment) {
    const auto raw = assignment.substr(target.name.size() + 1);
    return target.is_secret || may_hold_password(raw) ? target.name + "=" + std::string{not_shown} : readable(assignment);
}

std::string take_assignment(key_table& table, std::string_view assignment) {
    const std::string prefix = "--set ";
    const auto equals = assignment.find('=');
    const auto name = assignment.substr(0, equals);
    auto* found = table.find(name);
    if (equals == std::string_view::npos)
        return prefix + (found ? found->name : std::string{not_shown}) + ": write it as --set key=value";
    if (found == nullptr && !could_be_key(name))
        return prefix + std::string{not_shown} + ": this is not a key; keys have the form section.name";
    if (found == nullptr) // the message leaves out the value, because the key that was meant may be secret
        return prefix + std::string{name} + ": " + unknown_key(table, name);
    const auto origin = prefix + shown_assignment(*found, assignment);
    auto message = assign_value(*found, raw_value(*found, assignment.substr(equals + 1)), value_source::command_line, origin);
    return message.empty() ? message : origin + ": " + message;
}

} // namespace

std::string environment_name(std::string_view key) {
    std::string name{environment_prefix};
    for (const char c : key) {
        if (c == '.')
            name += "__";
        else
            name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return name;
}

std::vector<std::string> process_environment() {
    std::vector<std::string> variables;
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable)
        variables.emplace_back(*variable);
    return variables;
}

std::vector<std::string> schema::load(const sources& all_sources) {
    std::vector<std::string> faults;
    if (!all_sources.file.empty())
        faults = file_reader{*table_, all_sources.file}.read();

    const auto add_fault = [&](std::string message) {
        if (!message.empty())
            faults.push_back(std::move(message));
    };
    for (const auto& variable : all_sources.environment)
        add_fault(take_variable(*table_, variable));
    for (const auto& assignment : all_sources.assignments)
        add_fault(take_assignment(*table_, assignment));
    for (const auto& rule : table_->rules)
        for (auto& fault : faults_of(rule, *this))
            faults.push_back(std::move(fault));
    return faults;
}

} // namespace atrium::config
