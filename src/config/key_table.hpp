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
    std::string initial;                    ///< the default, as TOML
    bool is_text = false;                   ///< the environment and --set give raw text, not TOML
    std::function<bool(const value&)> take; ///< sets the field; false where the value is not allowed
    std::string origin = {};                ///< see schema::origin
};

struct section {
    std::string name;
    std::string comment;
    std::vector<key> keys;
};

/// What a schema holds.
struct key_table {
    std::vector<section> sections; ///< in the order in which they are shown

    /// Throws std::logic_error for a key that is there already, or stands in no section or another one.
    void add(key k);
    [[nodiscard]] key* find(std::string_view name);
    [[nodiscard]] std::vector<std::string> key_names() const;
    [[nodiscard]] std::vector<std::string> section_names() const;
};

/// "ATRIUM_BUS__ADAPTER" for "bus.adapter".
[[nodiscard]] std::string environment_name(std::string_view key);

} // namespace atrium::config
