#pragma once

#include "types/error_log.hpp"

#include <graphql/document.hpp>
#include <graphql/schema.hpp>

#include <span>

namespace atrium::graphql {

/// Reports every rule of SDL that a document breaks, in the order of graphql-js's specifiedSDLRules. These rules can be checked
/// before there is a schema.
/// @param standard the specification's directives
void check_sdl(const document& d, std::span<const directive* const> standard, error_log& log);

} // namespace atrium::graphql
