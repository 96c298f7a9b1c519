#include <graphql/schema_builder.hpp>

// This file must not compile. Each declaration is wrong, and the compiler must report why. misuse.cmake has the messages.

namespace {

using namespace atrium;
using namespace atrium::graphql;

struct row {
    std::int64_t number = 0;
};

[[maybe_unused]] void declare(object_builder<row> rows, object_builder<root> query) {
    // The loader returns keys instead of rows.
    rows.key(&row::number, [](std::span<const std::int64_t>) -> awaitable<column<std::int64_t>> { throw 0; });
    // `field` gets a function instead of a member of the row.
    rows.field("number: Int", [](const row&) { return 1; });
    // The function for one row is a coroutine.
    rows.row("number: Int", [](const row&) -> awaitable<int> { co_return 1; });
    // The function for one row takes all rows.
    rows.row("number: Int", [](std::span<const row>) { return 1; });
    // The function for all rows takes one row.
    rows.batch("number: Int", [](const row&) { return 1; });
    // The function for all rows returns only one value.
    rows.batch("number: Int", [](std::span<const row>) -> awaitable<int> { co_return 1; });
    // A function for one row is added to a root type, which has no rows.
    query.row("number: Int", [](const root&) { return 1; });
    // A function that takes no row is added to a type that has rows.
    rows.root("number: Int", [] { return 1; });
    // The parameter of the function is of type `arguments` instead of `field_call`.
    query.root("number: Int", [](const arguments&) { return 1; });
    // The function returns a number instead of an event source.
    query.stream("number: Int", []() -> awaitable<int> { co_return 1; });
}

} // namespace
