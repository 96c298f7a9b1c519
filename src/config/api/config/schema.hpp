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

// Bytes, for the ranges of sizes.
inline constexpr std::int64_t kibibyte = 1024;
inline constexpr std::int64_t mebibyte = 1024 * kibibyte;

/// What texts a key takes, beyond being text.
struct text_rule {
    std::string allowed;                           ///< completes "it can be ...": `an address such as "::1"`
    std::function<bool(std::string_view)> accepts; ///< whether a text is one of them
    bool is_secret = false;                        ///< what was given is repeated in no message: it may hold a password
};

/// Any text but the empty one.
[[nodiscard]] text_rule not_empty();

/// Which keys there are, which field each fills, what it may hold and what it is for. Made first, then loaded once; the
/// fields outlive it. One thread.
///
///     http::settings http;
///     config::schema s;
///     s.section("http", "How clients reach the server.");
///     s.integer("http.port", http.port, 0, 65535, "TCP port; 0 picks a free one.");
///     for (const auto& fault : s.load({.file = "config.toml", .environment = process_environment()}))
///         std::cerr << fault << '\n';
///
/// A field's value at the time of its declaration is its default. A key stands in the section that was declared before it; its
/// full name is "section.name". Comments are sentences; they become the comments of config.toml and the words of the guide.
class schema {
public:
    schema();
    ~schema();
    schema(const schema&) = delete;
    schema& operator=(const schema&) = delete;

    void section(std::string name, std::string comment);

    void text(std::string key, std::string& field, text_rule rule, std::string comment);

    /// A file or folder; never empty.
    void path(std::string key, std::filesystem::path& field, std::string comment);

    /// A whole number from `min` to `max`, which the field's type can hold. For byte sizes too.
    template <std::integral T>
    void integer(std::string key, T& field, std::int64_t min, std::int64_t max, std::string comment) {
        add_integer(std::move(key), static_cast<std::int64_t>(field), min, max, std::move(comment),
                    [&field](std::int64_t number) { field = static_cast<T>(number); });
    }

    void boolean(std::string key, bool& field, std::string comment);

    /// One of a few words.
    template <class T>
    void choice(std::string key, T& field, std::vector<std::pair<std::string, T>> choices, std::string comment) {
        std::vector<std::string> words;
        std::size_t chosen = 0;
        for (std::size_t i = 0; i < choices.size(); ++i) {
            words.push_back(choices[i].first);
            if (choices[i].second == field)
                chosen = i;
        }
        add_choice(std::move(key), chosen, std::move(words), std::move(comment),
                   [&field, choices = std::move(choices)](std::size_t index) { field = choices[index].second; });
    }

    /// A list of words out of `allowed`, each at most once, at least one.
    void list(std::string key, std::vector<std::string>& field, std::vector<std::string> allowed, std::string comment);

    /// A list of words that each keep the rule; may be empty.
    void list(std::string key, std::vector<std::string>& field, text_rule each, std::string comment);

    /// A text that keeps the rule, or a list of such texts. The empty text is the empty list. The environment and --set give
    /// one text as it is, a list as TOML: `["a", "b"]`.
    void text_or_list(std::string key, std::vector<std::string>& field, text_rule each, std::string comment);

    /// A list of tables (`[[key]]` in the file), each filling one `T` by the keys that `declare_item` declares for it, with
    /// names such as
    /// ".queue". Has no default but the empty list; `example` is shown commented out.
    template <class T>
    void tables(std::string key, std::vector<T>& field, std::function<void(schema&, T&)> declare_item, std::string comment,
                std::string example) {
        add_tables(
            std::move(key), std::move(comment), std::move(example), [&field](std::size_t count) { field.assign(count, T{}); },
            [&field, declare_item = std::move(declare_item)](schema& to, std::size_t index) {
                declare_item(to, field[index]);
            });
    }

    /// A length of time, written as a text of number and unit: "500ms", "10s", "5m", "2h", "7d". Units finer than the field's
    /// own are not taken.
    template <class Count, class Period>
        requires std::ratio_greater_equal_v<Period, std::milli>
    void duration(std::string key, std::chrono::duration<Count, Period>& field, std::chrono::milliseconds min,
                  std::chrono::milliseconds max, std::string comment) {
        using unit = std::chrono::duration<Count, Period>;
        add_duration(std::move(key), field, unit{1}, min, max, std::move(comment),
                     [&field](std::chrono::milliseconds length) { field = std::chrono::duration_cast<unit>(length); });
    }

    /// A rule about several keys, checked by `load` after all values are read. `find_faults` returns what is wrong, each fault
    /// with the name of its key; a fault is reported with the origin of the first of `keys` that was set. A rule whose keys all
    /// have their defaults is not checked. Throws std::logic_error if one of the keys is not declared.
    void rule(std::vector<std::string> keys, std::function<std::vector<std::string>()> find_faults);

    /// Fills the fields. Returns every fault found, each a line for the person who started the program: where, which key, what
    /// was found, what is allowed. Empty: all is well. After a fault the fields hold what could be read.
    [[nodiscard]] std::vector<std::string> load(const sources& from);

    /// Where a key's value came from: "config.toml:14", "environment ATRIUM_BUS__ADAPTER", "--set bus.adapter=x" (a secret
    /// without its value); empty if it has its default. Throws std::logic_error if the key is not declared.
    [[nodiscard]] const std::string& origin(std::string_view key) const;

    /// A whole documented config.toml: `preamble` as a comment, then each section and key with its comment and default.
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
