#pragma once

#include "value.hpp"

#include <config/schema.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::config {

struct key {
    std::string name; ///< "bus.adapter"
    std::string comment;
    std::string allowed;                    ///< completes "it can be ..."
    std::string default_toml;               ///< the default, as TOML
    bool is_text = false;                   ///< in the environment and after --set, the value is raw text, not TOML
    std::function<bool(const value&)> take; ///< sets the field of the settings; returns false if the value is not allowed
    bool is_secret = false;                 ///< see text_rule
    std::string origin = {};                ///< see schema::origin
    value_source source = value_source::defaults;
    std::string display_text = {}; ///< the value as messages may show it; empty if it is the default
    bool can_be_list = false;      ///< if `is_text`: raw text that starts with "[" is read as TOML

    // Only for a list of tables.
    std::function<std::string(const value&)> take_tables = {}; ///< instead of `take`; returns the error or an empty string
    std::string example = {}; ///< config.toml shows this text, commented out, instead of the default
};

struct section {
    std::string name;
    std::string comment;
    std::vector<key> keys;
};

/// See schema::rule.
struct rule {
    std::vector<std::string> keys;
    std::function<std::vector<std::string>()> find_faults;
};

/// The content of a schema.
struct key_table {
    std::vector<section> sections; ///< in the order of config.toml
    std::vector<rule> rules;

    /// Throws std::logic_error if the key exists already, or does not belong to the last section.
    void add(key k);
    [[nodiscard]] key* find(std::string_view name);
    [[nodiscard]] std::vector<std::string> key_names() const;
    [[nodiscard]] std::vector<std::string> section_names() const;
};

/// Sets the fields that belong to `keys` from a TOML table. `keys` must have exactly one section, whose name is empty. Returns
/// the first error as a text to be appended to the name of the table: ".queue is ..." or " has no key ...". Empty if there is
/// no error.
[[nodiscard]] std::string take_table(key_table& keys, const toml::table& table);

/// "ATRIUM_BUS__ADAPTER" for "bus.adapter".
[[nodiscard]] std::string environment_name(std::string_view key);

} // namespace atrium::config
