#pragma once

#include <graphql/arguments.hpp>
#include <graphql/context.hpp>
#include <graphql/selection.hpp>

#include <string_view>

namespace atrium::graphql {

/// The row type of the query, mutation and subscription types. It is empty.
struct root {};

/// What the function of a field may need in addition to its rows. Valid until the function ends, even while it waits.
struct field_call {
    const graphql::arguments& arguments;
    const graphql::selection& selection; ///< the selection of the rows that the function returns
    graphql::context& context;
    std::string_view response_key = {}; ///< the name of the field in the response: its alias, if it has one
};

/// What a function that loads rows by their keys may need in addition to the keys. Valid until the function ends.
struct load_call {
    const graphql::selection& selection;
    graphql::context& context;
};

} // namespace atrium::graphql
