#pragma once

#include <graphql/document.hpp>

#include <string>
#include <vector>

namespace atrium::graphql {

/// What is wrong with a document or a schema, in the words of graphql-js 16, and where.
struct located_error {
    std::string message;
    std::vector<location> locations{};
    friend bool operator==(const located_error&, const located_error&) = default;
};

using located_errors = std::vector<located_error>;

} // namespace atrium::graphql
