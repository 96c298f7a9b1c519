#pragma once

#include <base/json_writer.hpp>

#include <span>
#include <string>

namespace atrium {

/// Writes a JSON array of strings.
inline json_writer& write_texts(json_writer& json, std::span<const std::string> texts) {
    json.begin_array();
    for (const auto& each : texts)
        json.value(each);
    return json.end_array();
}

} // namespace atrium
