#include <base/ids.hpp>
#include <http/request.hpp>

#include <stdexcept>

namespace atrium::http {

std::string_view request::parameter(std::string_view name) const {
    for (const auto& [parameter_name, value] : parameters)
        if (parameter_name == name)
            return value;
    throw std::logic_error{"the route has no {" + std::string{name} + "}"};
}

result<std::int64_t> request::id() const {
    if (const auto number = parse_id(parameter("id")))
        return *number;
    return error{.code = errc::not_found, .detail = "there is nothing with this id"};
}

} // namespace atrium::http
