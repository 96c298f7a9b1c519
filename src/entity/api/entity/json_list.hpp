#pragma once

#include <base/error.hpp>
#include <entity/description.hpp>

#include <functional>
#include <string_view>
#include <utility>
#include <vector>

/// Reads entities from JSON that another process returns by REST.
namespace atrium::entity {

/// Reads `fields`, except those that REST does not show, from each object in a JSON array. For each object, calls `add`, which
/// must return the entity that gets the values of the object. Ignores other members; optional fields may be missing. Errors:
/// malformed (the text is not such an array, or a field is missing or has another type). After an error, some entities may have
/// been added already.
[[nodiscard]] result<> read_json_list(const description& d, const field_set& fields, std::string_view json,
                                      const std::function<void*()>& add);

/// Like the function above, with the C++ type. Fields that are not read keep their default values.
template <class Entity>
[[nodiscard]] result<std::vector<Entity>> read_json_list(const described<Entity>& d, const field_set& fields,
                                                         std::string_view json) {
    std::vector<Entity> all;
    if (auto read = read_json_list(d, fields, json, [&all] { return static_cast<void*>(&all.emplace_back()); }); !read)
        return std::move(read).error();
    return all;
}

} // namespace atrium::entity
