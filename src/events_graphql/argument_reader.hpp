#pragma once

#include <graphql/arguments.hpp>
#include <input/reader.hpp>

#include <initializer_list>
#include <string_view>

namespace atrium::events_graphql {

/// A reader of a field's arguments under their names in REST ("dry_run" for `dryRun`). Null counts as absent. The arguments in
/// `others` are left out, because the caller reads them.
[[nodiscard]] input::reader read_arguments(const graphql::arguments& a, std::initializer_list<std::string_view> others = {});

} // namespace atrium::events_graphql
