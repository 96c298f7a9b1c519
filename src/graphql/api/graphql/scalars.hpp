#pragma once

#include <string>

namespace atrium::graphql {

class schema_builder;

/// JSON text from another source, written to the response unchanged: well-formed, not `null`. For custom scalars that accept
/// any JSON.
struct raw_json {
    std::string text;
};

/// The scalar `DateTime` (RFC 3339), in C++ `timestamp`.
void add_date_time(schema_builder& b);

/// The scalar `JSON`, any JSON value: in C++ `raw_json`.
void add_json(schema_builder& b);

} // namespace atrium::graphql
