#pragma once

#include <graphql/detail/keys.hpp>
#include <graphql/detail/leaf.hpp>
#include <graphql/detail/member_set.hpp>
#include <graphql/detail/resolver.hpp>

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <typeindex>
#include <typeinfo>
#include <vector>

/// What schema_builder notes of all that modules declare.
namespace atrium::graphql::detail {

/// By which arguments a client says how many items it wants of a field.
struct page_size {
    std::string first;
    std::string last;
    std::size_t otherwise = 0;
};

/// A field as a module declared it.
struct declared_field {
    std::string signature; ///< SDL; the bare name where the type is defined elsewhere
    std::string description;
    std::shared_ptr<const field_resolver> resolver;
    std::type_index row; ///< what the resolver takes
    page_size page{};
    std::optional<member_set> reads{}; ///< all that it looks at of its row, where that was said
};

/// An object type as modules declared it, piece by piece.
struct declared_object {
    std::string name;
    std::string description{};
    std::vector<std::string> interfaces{};
    std::deque<declared_field> fields{}; ///< stay where they are: builders refer to them
    std::vector<std::unique_ptr<const row_key>> keys{};
    std::type_index row = typeid(void); ///< void while only extensions are known
    bool is_defined_elsewhere = false;
};

/// An enum's values in C++.
struct enum_names {
    struct value {
        std::int64_t number;
        std::string name;
        std::string description;
    };
    std::string type;
    std::vector<value> values;
};
bool write_enum(const enum_names& names, std::int64_t number, std::string& out, std::string& why);
std::int64_t read_enum(const enum_names& names, const boost::json::value& from);

/// A scalar or an enum as a module declared it.
struct declared_leaf {
    std::string name;
    std::string declaration; ///< SDL; empty where the type is defined elsewhere
    std::type_index type;
    leaf_writer writer;
    std::function<void(const boost::json::value& from, void* into)> read;
    /// Of a custom scalar: why this cannot be taken, or nothing.
    std::function<std::optional<std::string>(const boost::json::value&)> check{};
};

std::string enum_declaration(const enum_names& names, std::string_view description);
std::string scalar_declaration(std::string_view name, std::string_view description, std::string_view specified_by_url);

declared_field& add_field(declared_object& to, declared_field field);

} // namespace atrium::graphql::detail
