#pragma once

#include <graphql/schema_builder.hpp>

#include <boost/json/value.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// How C++ values are written as the JSON text of a scalar or an enum.
namespace atrium::graphql::detail {

/// A function that appends the JSON of the value at `value` to `out` and returns true. If that is not possible, it stores the
/// reason in `why`, appends nothing and returns false.
struct leaf_writer {
    using function = bool(const leaf_writer& self, const void* value, std::string& out, std::string& why);

    function* write = nullptr;
    const content_type* type = nullptr;  ///< the type of the value
    std::shared_ptr<const void> state{}; ///< further data for `write`: a table of names, or a module's function

    explicit operator bool() const noexcept { return write != nullptr; }
    bool operator()(const void* value, std::string& out, std::string& why) const { return write(*this, value, out, why); }
};

/// The writer for one of the five scalars of the specification; empty if values of the type cannot be written as this scalar.
[[nodiscard]] leaf_writer standard_writer(const content_type& type, std::string_view scalar);

/// The values of an enum: the number of each in C++, and its name in GraphQL.
struct enum_names {
    std::string type;
    std::vector<enum_word> values;
};
[[nodiscard]] leaf_writer enum_writer(const content_type& type, std::shared_ptr<const enum_names> names);
[[nodiscard]] std::int64_t read_enum(const enum_names& names, const boost::json::value& input);

[[nodiscard]] leaf_writer custom_writer(std::function<void(json_writer&, const void* value)> write);

} // namespace atrium::graphql::detail
