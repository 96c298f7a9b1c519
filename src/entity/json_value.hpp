#pragma once

#include <entity/value_type.hpp>

#include <boost/json/fwd.hpp>

namespace atrium::entity {

/// Sets a field from JSON in the form that `write_value` writes. Returns false if the JSON value does not have the form of this
/// type. Null has this form only if the type is optional.
[[nodiscard]] bool read_value(const value_type& type, const boost::json::value& json, void* target);

} // namespace atrium::entity
