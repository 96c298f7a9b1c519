#include <base/json_writer.hpp>
#include <orders/events.hpp>

#include <boost/json.hpp>

#include <exception>

namespace atrium::orders {

events::new_event to_event(std::string_view topic, const order_fact& fact) {
    events::new_event e{.topic = std::string{topic}, .key = "order/" + std::to_string(fact.id.value), .data = {}};
    json_writer data{e.data};
    data.begin_object();
    data.key("order_id").value(fact.id.value);
    data.key("user_id").value(fact.user_id.value);
    data.key("user").value(fact.user);
    data.key("product_name").value(fact.product_name);
    data.key("quantity").value(fact.quantity);
    data.key("status").value(name_of(fact.status));
    data.key("revision").value(fact.revision);
    data.end_object();
    return e;
}

result<order_fact> order_fact_of(const events::event& e) {
    const error no_fact{.code = errc::malformed, .detail = "the event's data is no order fact"};
    try {
        const auto parsed = boost::json::parse(e.data);
        const auto& data = parsed.as_object();
        const auto number = [&](std::string_view name, std::int64_t absent) {
            const auto* found = data.if_contains(name);
            return found ? found->to_number<std::int64_t>() : absent;
        };
        const auto* status_name = data.if_contains("status");
        const auto status = status_name ? parse_order_status(status_name->as_string()) : order_status::placed;
        if (!status || (!data.contains("user_id") && !data.contains("user")))
            return no_fact;
        return order_fact{.id = {number("order_id", 0)},
                          .user_id = {number("user_id", 0)},
                          .user = data.contains("user") ? std::string{data.at("user").as_string()} : std::string{},
                          .product_name = std::string{data.at("product_name").as_string()},
                          .quantity = number("quantity", 1),
                          .status = *status,
                          .revision = number("revision", 0)};
    } catch (const std::exception&) { // all that Boost.JSON's accessors throw: no JSON, a missing field, another type
        return no_fact;
    }
}

} // namespace atrium::orders
