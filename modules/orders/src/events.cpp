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
        const auto status = parse_order_status(data.at("status").as_string());
        if (!status)
            return no_fact;
        return order_fact{.id = {data.at("order_id").to_number<std::int64_t>()},
                          .user_id = {data.at("user_id").to_number<std::int64_t>()},
                          .user = std::string{data.at("user").as_string()},
                          .product_name = std::string{data.at("product_name").as_string()},
                          .quantity = data.at("quantity").to_number<std::int64_t>(),
                          .status = *status,
                          .revision = data.at("revision").to_number<std::int64_t>()};
    } catch (const std::exception&) { // all that Boost.JSON's accessors throw: no JSON, a missing field, another type
        return no_fact;
    }
}

} // namespace atrium::orders
