#pragma once

#include <graphql/arguments.hpp>

#include <boost/json/object.hpp>

#include <string_view>

namespace atrium::host {

/// The input object `name` with the names of a REST body, camelCase turned to snake_case, so that one piece of code reads both
/// and names faults alike: `http::body_fields::of(input_object(a, "input"))`.
[[nodiscard]] boost::json::object input_object(const graphql::arguments& a, std::string_view name);

} // namespace atrium::host
