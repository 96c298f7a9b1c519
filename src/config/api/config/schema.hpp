#pragma once

#include <config/sources.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::config {

struct key_table;

// In bytes, for the ranges of sizes.
inline constexpr std::int64_t kibibyte = 1024;
inline constexpr std::int64_t mebibyte = 1024 * kibibyte;

/// Defines which strings are valid for a key.
struct text_rule {
    std::string allowed;                           ///< completes "it can be ...": `an address such as "::1"`
    std::function<bool(std::string_view)> accepts; ///< whether a string is valid
    bool is_secret = false;                        ///< messages do not contain the value, as it may be a password
};

/// Accepts any string except the empty one.
[[nodiscard]] text_rule not_empty();

/// Where the value of a key comes from.
enum class value_source { defaults, file, environment, command_line };

/// The name of a source for people and for JSON: "default", "file", "environment", "command line".
[[nodiscard]] std::string_view name_of(value_source source) noexcept;

/// A key with its effective value.
struct setting {
    std::string key;
    std::string value; ///< as TOML; "(hidden)" if it is or may be secret
    value_source source = value_source::defaults;
    std::string comment; ///< what the key is for
};

/// The keys of a configuration: each with the field that it fills, its valid values and its purpose. Declare all keys first,
/// then call `load` once. The fields must outlive the schema. Used by one thread.
///
///     http::settings http;
///     config::schema s;
///     s.section("http", "How clients reach the server.");
///     s.integer("http.port", http.port, 0, 65535, "TCP port; 0 picks a free one.");
///     for (const auto& fault : s.load({.file = "config.toml", .environment = process_environment()}))
///         std::cerr << fault << '\n';
///
/// The value of a field at the time of its declaration is the default. A key belongs to the section that was declared last; its
/// full name is "section.name". Comments are full sentences; they are copied to config.toml and docs/configuration.md.
class schema {
public:
    schema();
    ~schema();
    schema(const schema&) = delete;
    schema& operator=(const schema&) = delete;

    void section(std::string name, std::string comment);

    void text(std::string key, std::string& field, text_rule rule, std::string comment);

    /// The path of a file or folder, which must not be empty.
    void path(std::string key, std::filesystem::path& field, std::string comment);

    /// A whole number from `min` to `max`; the type of the field must be able to hold both. Sizes in bytes are declared in this
    /// way as well.
    template <std::integral T>
    void integer(std::string key, T& field, std::int64_t min, std::int64_t max, std::string comment) {
        add_integer(std::move(key), static_cast<std::int64_t>(field), min, max, std::move(comment),
                    [&field](std::int64_t number) { field = static_cast<T>(number); });
    }

    void boolean(std::string key, bool& field, std::string comment);

    /// A value that is one of a few words.
    template <class T>
    void choice(std::string key, T& field, std::vector<std::pair<std::string, T>> choices, std::string comment) {
        std::vector<std::string> words;
        std::size_t initial = 0;
        for (std::size_t i = 0; i < choices.size(); ++i) {
            words.push_back(choices[i].first);
            if (choices[i].second == field)
                initial = i;
        }
        add_choice(std::move(key), initial, std::move(words), std::move(comment),
                   [&field, choices = std::move(choices)](std::size_t index) { field = choices[index].second; });
    }

    /// A list of at least one word from `allowed`, each at most once.
    void list(std::string key, std::vector<std::string>& field, std::vector<std::string> allowed, std::string comment);

    /// A list of strings, each of which the rule accepts; the list may be empty.
    void list(std::string key, std::vector<std::string>& field, text_rule each, std::string comment);

    /// A string that the rule accepts, or a list of such strings. The empty string means the empty list. In the environment and
    /// after --set, a single string is written without quotes, and a list as TOML: `["a", "b"]`.
    void text_or_list(std::string key, std::vector<std::string>& field, text_rule each, std::string comment);

    /// A list of tables (`[[key]]` in the file). Each table fills one `T`, with the keys that `declare_item` declares under
    /// names such as ".queue". The default is the empty list; config.toml shows `example`, commented out.
    template <class T>
    void tables(std::string key, std::vector<T>& field, std::function<void(schema&, T&)> declare_item, std::string comment,
                std::string example) {
        add_tables(
            std::move(key), std::move(comment), std::move(example), [&field](std::size_t count) { field.assign(count, T{}); },
            [&field, declare_item = std::move(declare_item)](schema& item_schema, std::size_t index) {
                declare_item(item_schema, field[index]);
            });
    }

    /// A duration, written as a number and a unit in quotes: "500ms", "10s", "5m", "2h", "7d". A unit that is finer than the
    /// unit of the field is refused.
    template <class Count, class Period>
        requires std::ratio_greater_equal_v<Period, std::milli>
    void duration(std::string key, std::chrono::duration<Count, Period>& field, std::chrono::milliseconds min,
                  std::chrono::milliseconds max, std::string comment) {
        using unit = std::chrono::duration<Count, Period>;
        add_duration(std::move(key), field, unit{1}, min, max, std::move(comment),
                     [&field](std::chrono::milliseconds length) { field = std::chrono::duration_cast<unit>(length); });
    }

    /// A rule about several keys, which `load` checks after it has read all values. `find_faults` returns the errors, each with
    /// the name of its key; they are reported with the origin of the first key in `keys` that was set. The rule is not checked
    /// if all of its keys have their defaults. Throws std::logic_error if one of the keys is not declared.
    void rule(std::vector<std::string> keys, std::function<std::vector<std::string>()> find_faults);

    /// Fills the fields. Returns all errors, each as one line for the person who started the program: the source and the key,
    /// and for an invalid value also the value and what is allowed. Empty if there are none. Even after an error, the fields
    /// hold the values that could be read.
    [[nodiscard]] std::vector<std::string> load(const sources& all_sources);

    /// The origin of a key's value: "config.toml:14", "environment ATRIUM_BUS__ADAPTER", "--set bus.adapter=x" (with
    /// "(not shown)" in place of a value that is or may be secret); empty if the key has its default. Throws std::logic_error
    /// if the key is not declared.
    [[nodiscard]] const std::string& origin(std::string_view key) const;

    /// All keys with the values that `load` has set, in the order of their declaration.
    [[nodiscard]] std::vector<setting> settings() const;

    /// A complete config.toml: `preamble` as a comment, then each section and key with its comment and default.
    [[nodiscard]] std::string render_file(std::string_view preamble) const;

    /// A Markdown table of all keys.
    [[nodiscard]] std::string render_table() const;

private:
    void add_integer(std::string key, std::int64_t initial, std::int64_t min, std::int64_t max, std::string comment,
                     std::function<void(std::int64_t)> set);
    void add_choice(std::string key, std::size_t initial, std::vector<std::string> words, std::string comment,
                    std::function<void(std::size_t)> set);
    void add_tables(std::string key, std::string comment, std::string example, std::function<void(std::size_t)> resize,
                    std::function<void(schema&, std::size_t)> declare_item);
    void add_duration(std::string key, std::chrono::milliseconds initial, std::chrono::milliseconds precision,
                      std::chrono::milliseconds min, std::chrono::milliseconds max, std::string comment,
                      std::function<void(std::chrono::milliseconds)> set);

    std::unique_ptr<key_table> table_;
};

} // namespace atrium::config
