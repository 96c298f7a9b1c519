#pragma once

#include <base/error.hpp>
#include <entity/description.hpp>

#include <functional>
#include <string_view>
#include <utility>
#include <vector>

/// Entities as another process shows them by REST.
namespace atrium::entity {

/// Reads these fields, of those that REST shows, of each object in a JSON array; `add` returns the entity that the next one is
/// read into. Other members are ignored, and an optional field may be missing. Errors: malformed (the text is not such an
/// array, or a field is missing or of another type); some entities have been added then.
[[nodiscard]] result<> read_json_list(const description& d, const field_set& fields, std::string_view json,
                                      const std::function<void*()>& add);

/// The same with the C++ type. The fields that are not read stay as a new `Entity` has them.
template <class Entity>
[[nodiscard]] result<std::vector<Entity>> read_json_list(const described<Entity>& d, const field_set& fields,
                                                         std::string_view json) {
    std::vector<Entity> all;
    if (auto read = read_json_list(d, fields, json, [&all] { return static_cast<void*>(&all.emplace_back()); }); !read)
        return std::move(read).error();
    return all;
}

} // namespace atrium::entity
