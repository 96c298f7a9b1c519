#pragma once

#include <boost/json/value.hpp>

#include <string>

/// The reference pages of the documentation, rendered from the documents that a server serves.
namespace atrium::app {

/// docs/api.md, from /openapi.json.
[[nodiscard]] std::string render_api_reference(const boost::json::value& openapi);

/// docs/events-reference.md, from /asyncapi.json.
[[nodiscard]] std::string render_event_reference(const boost::json::value& asyncapi);

} // namespace atrium::app
