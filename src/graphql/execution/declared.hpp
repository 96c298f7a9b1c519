#pragma once

#include "leaves.hpp"
#include "member_set.hpp"

#include <graphql/schema_builder.hpp>

#include <boost/json/value.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
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
    std::shared_ptr<const detail::resolver> resolver;
    std::type_index row; ///< what the resolver takes
    page_size page{};
    std::optional<std::vector<member_id>> reads{}; ///< all that it looks at of its row; empty if not declared
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

/// All that modules declared.
struct declarations {
    std::string sdl{};
    std::map<std::string, declared_object, std::less<>> objects{};
    std::vector<declared_leaf> leaves{};
    std::vector<std::string> order{}; ///< of the objects: as they were declared first
};

[[nodiscard]] std::string enum_declaration(const enum_names& names, std::string_view description);
[[nodiscard]] std::string scalar_declaration(std::string_view name, std::string_view description,
                                             std::string_view specified_by_url);

/// The definitions of all that is declared, as one source.
[[nodiscard]] std::string to_sdl(const declarations& all);

/// The name that a field's signature begins with.
[[nodiscard]] std::string_view name_of_signature(std::string_view signature) noexcept;

} // namespace atrium::graphql::detail
