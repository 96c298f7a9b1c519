#pragma once

#include "leaves.hpp"
#include "member_set.hpp"

#include <access/requirement.hpp>
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

/// The declarations of modules, as schema_builder records them.
namespace atrium::graphql::detail {

/// How many items a field returns: the names of two arguments by which a client specifies the number, and the number if the
/// client sends neither.
struct page_size {
    std::string first;
    std::string last;
    std::size_t default_size = 0;
};

/// A field as a module declared it.
struct declared_field {
    std::string signature; ///< SDL; only the name if the type is defined elsewhere
    std::string description;
    std::shared_ptr<const detail::resolver> resolver;
    std::type_index row; ///< the C++ type that the resolver takes: a row, or a key of it
    page_size page{};
    access::requirement requirement{};
    std::optional<std::vector<member_id>> reads{}; ///< all members that the resolver reads from its row; empty if not declared
};

/// An object type as modules declared it, possibly in several parts.
struct declared_object {
    std::string name;
    std::string description{};
    std::vector<std::string> interfaces{};
    std::deque<declared_field> fields{}; ///< a deque, because `field_options` keeps references to its elements
    std::vector<std::unique_ptr<const row_key>> keys{};
    std::type_index row = typeid(void); ///< void while only extensions are known
    bool is_defined_elsewhere = false;
    access::requirement requirement{}; ///< for fields of other types that return this type
};

/// A scalar or an enum as a module declared it.
struct declared_leaf {
    std::string name;
    std::string declaration; ///< SDL; empty if the type is defined elsewhere
    std::type_index type;
    leaf_writer writer;
    std::function<void(const boost::json::value& input, void* target)> read; ///< writes the value to `target`
    /// For a custom scalar: returns an error message if the value is not valid.
    std::function<std::optional<std::string>(const boost::json::value&)> check{};
};

/// All declarations of modules.
struct declarations {
    std::string sdl{};
    std::map<std::string, declared_object, std::less<>> objects{};
    std::vector<declared_leaf> leaves{};
    bool enforces_access = false;
    std::vector<std::string> object_order{}; ///< names of the objects, in the order of their first declaration
};

[[nodiscard]] std::string enum_declaration(const enum_names& names, std::string_view description);
[[nodiscard]] std::string scalar_declaration(std::string_view name, std::string_view description,
                                             std::string_view specified_by_url);

/// All declared definitions as one SDL source.
[[nodiscard]] std::string to_sdl(const declarations& declared);

/// The name at the beginning of a field's signature.
[[nodiscard]] std::string_view name_of_signature(std::string_view signature) noexcept;

} // namespace atrium::graphql::detail
