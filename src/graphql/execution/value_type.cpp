#include <graphql/value_type.hpp>

namespace atrium::graphql {

template const value_type& value_type_of<bool>() noexcept;
template const value_type& value_type_of<std::int64_t>() noexcept;
template const value_type& value_type_of<std::string>() noexcept;
template const value_type& value_type_of<timestamp>() noexcept;

} // namespace atrium::graphql
