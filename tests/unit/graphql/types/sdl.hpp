#pragma once

#include <graphql/parser.hpp>
#include <graphql/sdl.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::graphql::testing {

using messages = std::vector<std::string>;

/// The schema that a valid SDL document describes.
inline schema schema_of(std::string_view sdl) {
    return build_schema(parse(std::string{sdl}).value()).value();
}

/// The errors in an SDL document, each with its locations: "There can be only one type named \"A\". 1:6 2:6".
inline messages faults_of(std::string_view sdl) {
    messages faults;
    const auto s = build_schema(parse(std::string{sdl}).value());
    if (s)
        return faults;
    for (const auto& error : s.error()) {
        auto& message = faults.emplace_back(error.message);
        for (const auto& [line, column] : error.locations)
            message += " " + std::to_string(line) + ":" + std::to_string(column);
    }
    return faults;
}

} // namespace atrium::graphql::testing
