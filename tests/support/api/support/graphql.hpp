#pragma once

#include <graphql/located_error.hpp>
#include <graphql/parser.hpp>
#include <support/catch.hpp>

#include <boost/system/result.hpp>

#include <string>
#include <utility>

// For tests of the GraphQL engine: how a failed CHECK shows errors and results, and a function that parses documents.
namespace Catch {

template <>
struct StringMaker<atrium::graphql::located_error> {
    static std::string convert(const atrium::graphql::located_error& e) {
        auto text = e.message;
        for (const auto& [line, column] : e.locations)
            text += " (" + std::to_string(line) + ':' + std::to_string(column) + ')';
        return text;
    }
};

template <class T>
struct StringMaker<boost::system::result<T, atrium::graphql::located_error>> {
    static std::string convert(const boost::system::result<T, atrium::graphql::located_error>& r) {
        return r ? "a value" : StringMaker<atrium::graphql::located_error>::convert(r.error());
    }
};

template <class T>
struct StringMaker<boost::system::result<T, atrium::graphql::located_errors>> {
    static std::string convert(const boost::system::result<T, atrium::graphql::located_errors>& r) {
        return r ? "a value" : StringMaker<atrium::graphql::located_errors>::convert(r.error());
    }
};

} // namespace Catch

namespace atrium::support {

/// Parses a document. A syntax error fails the test.
[[nodiscard]] inline graphql::document parsed(std::string source) {
    auto result = graphql::parse(std::move(source));
    if (!result)
        FAIL(Catch::Detail::stringify(result));
    return std::move(*result);
}

} // namespace atrium::support
