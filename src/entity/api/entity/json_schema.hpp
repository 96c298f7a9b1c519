#pragma once

#include <entity/description.hpp>

#include <string>
#include <string_view>

/// JSON Schemas (draft 2020-12) that are derived from a description, as text.
namespace atrium::entity {

/// A value of this type, without the rules of a field: `{"type":"integer","format":"int64"}`.
[[nodiscard]] std::string value_schema(const value_type& type);

/// An entity as REST shows it. Fields that no client can set are `readOnly`.
[[nodiscard]] std::string shown_schema(const description& d);
/// The body with which clients create an entity.
[[nodiscard]] std::string creation_schema(const description& d);
/// The body with which clients change an entity.
[[nodiscard]] std::string change_schema(const description& d);
/// The data of the events of this topic.
[[nodiscard]] std::string event_data_schema(const description& d, std::string_view topic);

} // namespace atrium::entity
