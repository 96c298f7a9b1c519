#pragma once

#include <string>

namespace atrium::graphql {

class schema_builder;

/// JSON text from another source, written to the response unchanged. It must be well-formed and not `null`. For custom scalars
/// that accept any JSON.
struct raw_json {
    std::string text;
};

/// Declares the scalar `DateTime` (RFC 3339); its C++ type is `timestamp`.
void add_date_time(schema_builder& b);

/// Declares the scalar `JSON`, which accepts any JSON value; its C++ type is `raw_json`.
void add_json(schema_builder& b);

} // namespace atrium::graphql
