#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace atrium::config {

/// A value from a source, and the form in which messages show it.
struct value {
    /// Stands for a value that is not valid for any key: a fraction, a date, a table outside of a list, a list of anything but
    /// strings or tables, text that is not TOML or not UTF-8.
    struct other {};
    using texts = std::vector<std::string>;
    using tables = std::vector<toml::table>;

    std::variant<other, std::string, std::int64_t, bool, texts, tables> content;
    std::string display_text;
};

/// The text as a TOML string, in quotes.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// The value of a TOML node.
[[nodiscard]] value value_of(const toml::node& node);

/// The raw text as a value, for keys that hold text.
[[nodiscard]] value text_value(std::string_view raw);

/// The value of raw text that is read as TOML ("8000", "true", `["users"]`).
[[nodiscard]] value toml_value(std::string_view raw);

} // namespace atrium::config
