#pragma once

#include <graphql/document.hpp>

#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace atrium::graphql {

/// An error in a document or a schema, and where it is. The message is that of graphql-js 16 for the same error.
struct located_error {
    std::string message;
    std::vector<location> locations{};
    friend bool operator==(const located_error&, const located_error&) = default;
};

using located_errors = std::vector<located_error>;

/// `result::value()` calls this if there is no value.
[[noreturn]] inline void throw_exception_from_error(const located_error& e, const boost::source_location&) {
    throw std::logic_error{e.message};
}
[[noreturn]] inline void throw_exception_from_error(const located_errors& errors, const boost::source_location&) {
    std::string messages;
    for (const auto& e : errors)
        messages.append(messages.empty() ? "" : "\n").append(e.message);
    throw std::logic_error{messages};
}

} // namespace atrium::graphql
