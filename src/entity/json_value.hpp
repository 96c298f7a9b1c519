#pragma once

#include <entity/value_type.hpp>

#include <boost/json/fwd.hpp>

namespace atrium::entity {

/// Sets a field from JSON as `write_value` writes it. False if the value is of another type; null is for optionals alone.
[[nodiscard]] bool read_value(const value_type& type, const boost::json::value& from, void* into);

} // namespace atrium::entity
