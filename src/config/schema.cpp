#include "key_table.hpp"
#include "secrecy.hpp"

#include <config/duration.hpp>

#include <algorithm>
#include <stdexcept>

namespace atrium::config {
namespace {

/// `"a", "b" or "c"`, with `last` ("and" or "or") before the last word.
std::string enumerated(const std::vector<std::string>& words, std::string_view last) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0)
            out += i + 1 == words.size() ? " " + std::string{last} + " " : ", ";
        out += in_quotes(words[i]);
    }
    return out;
}

std::string toml_list(const std::vector<std::string>& words) {
    std::string out = "[";
    for (const auto& word : words)
        out.append(out.size() > 1 ? ", " : "").append(in_quotes(word));
    return out + "]";
}

/// Whether a list is not empty and has only allowed words, each of them once.
bool is_choice_of(const std::vector<std::string>& items, const std::vector<std::string>& allowed) {
    const auto is_allowed = [&](const std::string& item) {
        return std::find(allowed.begin(), allowed.end(), item) != allowed.end();
    };
    const auto occurs_once = [&](const std::string& item) { return std::count(items.begin(), items.end(), item) == 1; };
    return !items.empty() && std::all_of(items.begin(), items.end(), is_allowed) &&
           std::all_of(items.begin(), items.end(), occurs_once);
}

} // namespace

text_rule not_empty() {
    return {"any text but the empty one", [](std::string_view text) { return !text.empty(); }};
}

void key_table::add(key k) {
    const auto dot = k.name.rfind('.');
    if (sections.empty() || dot == std::string::npos || k.name.substr(0, dot) != sections.back().name)
        throw std::logic_error{k.name + " is declared outside of its section"};
    if (find(k.name) != nullptr)
        throw std::logic_error{k.name + " is declared twice"};
    sections.back().keys.push_back(std::move(k));
}

key* key_table::find(std::string_view name) {
    for (auto& section : sections)
        for (auto& key : section.keys)
            if (key.name == name)
                return &key;
    return nullptr;
}

std::vector<std::string> key_table::key_names() const {
    std::vector<std::string> names;
    for (const auto& section : sections)
        for (const auto& key : section.keys)
            names.push_back(key.name);
    return names;
}

std::vector<std::string> key_table::section_names() const {
    std::vector<std::string> names;
    names.reserve(sections.size());
    for (const auto& section : sections)
        names.push_back(section.name);
    return names;
}

schema::schema() : table_{std::make_unique<key_table>()} {}
schema::~schema() = default;

void schema::section(std::string name, std::string comment) {
    table_->sections.push_back({std::move(name), std::move(comment), {}});
}

void schema::text(std::string key, std::string& field, text_rule rule, std::string comment) {
    auto take = [&field, accepts = std::move(rule.accepts)](const value& input) {
        const auto* text = std::get_if<std::string>(&input.content);
        if (text == nullptr || !accepts(*text))
            return false;
        field = *text;
        return true;
    };
    table_->add(
        {std::move(key), std::move(comment), std::move(rule.allowed), in_quotes(field), true, std::move(take), rule.is_secret});
}

void schema::path(std::string key, std::filesystem::path& field, std::string comment) {
    auto take = [&field](const value& input) {
        const auto* text = std::get_if<std::string>(&input.content);
        if (text == nullptr || text->empty() || text->find('\0') != std::string::npos)
            return false;
        field = *text;
        return true;
    };
    table_->add({std::move(key), std::move(comment), "a path", in_quotes(field.string()), true, std::move(take)});
}

void schema::boolean(std::string key, bool& field, std::string comment) {
    auto take = [&field](const value& input) {
        const auto* truth = std::get_if<bool>(&input.content);
        if (truth != nullptr)
            field = *truth;
        return truth != nullptr;
    };
    table_->add({std::move(key), std::move(comment), "true or false", field ? "true" : "false", false, std::move(take)});
}

void schema::list(std::string key, std::vector<std::string>& field, std::vector<std::string> allowed, std::string comment) {
    auto phrase = "a list of " + enumerated(allowed, "and") + ", each once at most, such as " + toml_list(allowed);
    auto take = [&field, allowed = std::move(allowed)](const value& input) {
        const auto* items = std::get_if<value::texts>(&input.content);
        if (items == nullptr || !is_choice_of(*items, allowed))
            return false;
        field = *items;
        return true;
    };
    table_->add({std::move(key), std::move(comment), std::move(phrase), toml_list(field), false, std::move(take)});
}

void schema::list(std::string key, std::vector<std::string>& field, text_rule each, std::string comment) {
    auto take = [&field, accepts = std::move(each.accepts)](const value& input) {
        const auto* items = std::get_if<value::texts>(&input.content);
        if (items == nullptr || !std::all_of(items->begin(), items->end(), accepts))
            return false;
        field = *items;
        return true;
    };
    table_->add(
        {std::move(key), std::move(comment), "a list, each item " + each.allowed, toml_list(field), false, std::move(take)});
}

void schema::text_or_list(std::string key, std::vector<std::string>& field, text_rule each, std::string comment) {
    auto take = [&field, accepts = std::move(each.accepts)](const value& input) {
        const auto* text = std::get_if<std::string>(&input.content);
        const auto* list = std::get_if<value::texts>(&input.content);
        if (text == nullptr && list == nullptr)
            return false;
        const auto items = list != nullptr ? *list : text->empty() ? value::texts{} : value::texts{*text};
        if (!std::all_of(items.begin(), items.end(), accepts))
            return false;
        field = items;
        return true;
    };
    auto default_toml = field.empty() ? in_quotes({}) : toml_list(field);
    table_->add({.name = std::move(key),
                 .comment = std::move(comment),
                 .allowed = "\"\", " + each.allowed + ", or a list of these",
                 .default_toml = std::move(default_toml),
                 .is_text = true,
                 .take = std::move(take),
                 .can_be_list = true});
}

void schema::add_tables(std::string key, std::string comment, std::string example, std::function<void(std::size_t)> resize,
                        std::function<void(schema&, std::size_t)> declare_item) {
    auto take = [resize = std::move(resize), declare_item = std::move(declare_item)](const value& input) -> std::string {
        const auto* tables = std::get_if<value::tables>(&input.content);
        if (tables == nullptr)
            return " is " + shown_value(input, false) + "; it can be a list of tables"; // no key of tables is secret
        resize(tables->size());
        for (std::size_t i = 0; i < tables->size(); ++i) {
            schema item;
            item.section("", "");
            declare_item(item, i);
            if (const auto message = take_table(*item.table_, (*tables)[i]); !message.empty())
                return "[" + std::to_string(i) + "]" + message;
        }
        return {};
    };
    table_->add({.name = std::move(key),
                 .comment = std::move(comment),
                 .allowed = "a list of tables",
                 .default_toml = "[]",
                 .take = {},
                 .take_tables = std::move(take),
                 .example = std::move(example)});
}

void schema::add_integer(std::string key, std::int64_t initial, std::int64_t min, std::int64_t max, std::string comment,
                         std::function<void(std::int64_t)> set) {
    auto phrase = "a whole number from " + std::to_string(min) + " to " + std::to_string(max);
    auto take = [min, max, set = std::move(set)](const value& input) {
        const auto* number = std::get_if<std::int64_t>(&input.content);
        if (number == nullptr || *number < min || *number > max)
            return false;
        set(*number);
        return true;
    };
    table_->add({std::move(key), std::move(comment), std::move(phrase), std::to_string(initial), false, std::move(take)});
}

void schema::add_choice(std::string key, std::size_t initial, std::vector<std::string> words, std::string comment,
                        std::function<void(std::size_t)> set) {
    auto phrase = enumerated(words, "or");
    auto default_toml = in_quotes(words.at(initial));
    auto take = [words = std::move(words), set = std::move(set)](const value& input) {
        const auto* word = std::get_if<std::string>(&input.content);
        const auto found = word == nullptr ? words.end() : std::find(words.begin(), words.end(), *word);
        if (found == words.end())
            return false;
        set(static_cast<std::size_t>(found - words.begin()));
        return true;
    };
    table_->add({std::move(key), std::move(comment), std::move(phrase), std::move(default_toml), true, std::move(take)});
}

void schema::add_duration(std::string key, std::chrono::milliseconds initial, std::chrono::milliseconds precision,
                          std::chrono::milliseconds min, std::chrono::milliseconds max, std::string comment,
                          std::function<void(std::chrono::milliseconds)> set) {
    auto phrase = "a duration from " + in_quotes(format_duration(min)) + " to " + in_quotes(format_duration(max));
    auto take = [precision, min, max, set = std::move(set)](const value& input) {
        const auto* text = std::get_if<std::string>(&input.content);
        const auto length = text == nullptr ? std::nullopt : parse_duration(*text, precision);
        if (!length || *length < min || *length > max)
            return false;
        set(*length);
        return true;
    };
    table_->add(
        {std::move(key), std::move(comment), std::move(phrase), in_quotes(format_duration(initial)), true, std::move(take)});
}

void schema::rule(std::vector<std::string> keys, std::function<std::vector<std::string>()> find_faults) {
    for (const auto& key : keys)
        static_cast<void>(origin(key)); // throws if the key is not declared
    table_->rules.push_back({std::move(keys), std::move(find_faults)});
}

const std::string& schema::origin(std::string_view key) const {
    const auto* found = table_->find(key);
    if (found == nullptr)
        throw std::logic_error{std::string{key} + " is not declared"};
    return found->origin;
}

std::vector<setting> schema::settings() const {
    std::vector<setting> all;
    for (const auto& section : table_->sections)
        for (const auto& key : section.keys) {
            const bool is_default = key.source == value_source::defaults;
            const bool is_hidden = !is_default && key.display_text == not_shown;
            all.push_back({.key = key.name,
                           .value = is_default  ? key.default_toml
                                    : is_hidden ? "(hidden)"
                                                : key.display_text,
                           .source = key.source,
                           .comment = key.comment});
        }
    return all;
}

std::string_view name_of(value_source source) noexcept {
    switch (source) {
    case value_source::defaults: return "default";
    case value_source::file: return "file";
    case value_source::environment: return "environment";
    case value_source::command_line: return "command line";
    }
    return {};
}

} // namespace atrium::config
