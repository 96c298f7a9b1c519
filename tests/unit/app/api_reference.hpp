#pragma once

#include <boost/json/value.hpp>

#include <string>

/// The reference pages of the documentation, rendered from the documents that a server serves.
namespace atrium::app {

/// The text of docs/api.md, rendered from the document that /openapi.json returns.
[[nodiscard]] std::string render_api_reference(const boost::json::value& openapi);

/// The text of docs/events-reference.md, rendered from the document that /asyncapi.json returns.
[[nodiscard]] std::string render_event_reference(const boost::json::value& asyncapi);

} // namespace atrium::app
