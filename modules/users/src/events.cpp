#include <base/json_writer.hpp>
#include <users/events.hpp>

#include <boost/json.hpp>

#include <exception>

namespace atrium::users {

events::new_event to_event(std::string_view topic, const user_fact& fact) {
    events::new_event e{.topic = std::string{topic}, .key = "user/" + std::to_string(fact.id.value), .data = {}};
    json_writer data{e.data};
    data.begin_object().key("user_id").value(fact.id.value).key("username").value(fact.username);
    if (topic != user_deleted)
        data.key("email").value(fact.email);
    data.key("revision").value(fact.revision).end_object();
    return e;
}

result<user_fact> user_fact_of(const events::event& e) {
    try {
        const auto parsed = boost::json::parse(e.data);
        const auto& data = parsed.as_object();
        user_fact fact{.id = {data.at("user_id").to_number<std::int64_t>()},
                       .username = std::string{data.at("username").as_string()},
                       .email = {},
                       .revision = data.at("revision").to_number<std::int64_t>()};
        if (e.topic != user_deleted)
            fact.email = std::string{data.at("email").as_string()};
        return fact;
    } catch (const std::exception&) { // all that Boost.JSON's accessors throw: no JSON, a missing field, another type
        return error{.code = errc::malformed, .detail = "the event's data is no user fact"};
    }
}

} // namespace atrium::users
