#include <access/principal.hpp>
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

call call_of(const request& q, resource::effect_recorder* recorder) {
    return {.request_id = q.request_id,
            .principal = access::name_of(q.principal.get()),
            .traceparent = q.traceparent,
            .recorder = recorder};
}

} // namespace atrium::http
