#pragma once

#include <host/module.hpp>

#include <span>
#include <string>
#include <string_view>

namespace atrium::api_description {

/// The AsyncAPI 3.0 document of the events that these modules publish and receive. A channel is a topic.
[[nodiscard]] std::string render_asyncapi(std::span<const host::description* const> modules, std::string_view version);

} // namespace atrium::api_description
