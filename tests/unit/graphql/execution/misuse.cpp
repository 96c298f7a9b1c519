#include <graphql/schema_builder.hpp>

// This file must not compile: each declaration is wrong, and the compiler must report why. misuse.cmake has the messages.

namespace {

using namespace atrium;
using namespace atrium::graphql;

struct row {
    std::int64_t number = 0;
};

[[maybe_unused]] void declare(object_builder<row> rows, object_builder<root> query) {
    rows.key(&row::number, [](std::span<const std::int64_t>) -> awaitable<column<std::int64_t>> { throw 0; });
    rows.field("number: Int", [](const row&) { return 1; });
    rows.row("number: Int", [](const row&) -> awaitable<int> { co_return 1; });
    rows.row("number: Int", [](std::span<const row>) { return 1; });
    rows.batch("number: Int", [](const row&) { return 1; });
    rows.batch("number: Int", [](std::span<const row>) -> awaitable<int> { co_return 1; });
    query.row("number: Int", [](const root&) { return 1; });
    rows.root("number: Int", [] { return 1; });
    query.root("number: Int", [](const arguments&) { return 1; });
    query.stream("number: Int", []() -> awaitable<int> { co_return 1; });
}

} // namespace
