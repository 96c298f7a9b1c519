#pragma once

#include <graphql/schema.hpp>

#include <memory>

namespace atrium::graphql {

namespace detail {
struct bindings;
} // namespace detail

/// A schema together with the resolvers of its fields: what an engine executes.
class executable_schema {
public:
    executable_schema(graphql::schema s, std::unique_ptr<const detail::bindings> b);
    ~executable_schema();
    executable_schema(executable_schema&&) noexcept;
    executable_schema& operator=(executable_schema&&) noexcept;

    [[nodiscard]] const graphql::schema& schema() const noexcept { return schema_; }
    [[nodiscard]] const detail::bindings& bindings() const noexcept { return *bindings_; } ///< for the engine

    void hide() noexcept { schema_.hide(); } ///< see graphql::schema

private:
    graphql::schema schema_;
    std::unique_ptr<const detail::bindings> bindings_;
};

} // namespace atrium::graphql
