#include <graphql/arguments.hpp>

#include <boost/core/demangle.hpp>
#include <boost/json/serialize.hpp>

#include <stdexcept>

namespace atrium::graphql {
namespace {

[[noreturn]] void throw_wrong_type(std::string_view name, std::string_view expected, const boost::json::value& value) {
    throw std::logic_error{"argument " + std::string{name} + " was read as " + std::string{expected} + ", but is " +
                           boost::json::serialize(value)};
}

} // namespace

void arguments::throw_absent(std::string_view name) {
    throw std::logic_error{"argument " + std::string{name} + " was read, but is absent"};
}

const boost::json::object& arguments::object_of(const boost::json::value& value, std::string_view name) {
    const auto* object = value.if_object();
    return object ? *object : (throw_wrong_type(name, "an input object", value), *object);
}

const boost::json::array& arguments::array_of(const boost::json::value& value, std::string_view name) {
    const auto* array = value.if_array();
    return array ? *array : (throw_wrong_type(name, "a list", value), *array);
}

bool arguments::boolean_of(const boost::json::value& value, std::string_view name) {
    const auto* flag = value.if_bool();
    return flag ? *flag : (throw_wrong_type(name, "a boolean", value), false);
}

std::int64_t arguments::integer_of(const boost::json::value& value, std::string_view name) {
    boost::system::error_code error;
    const auto number = value.to_number<std::int64_t>(error); // a client may write 5 as 5.0 in a variable
    return !error ? number : (throw_wrong_type(name, "an integer", value), 0);
}

double arguments::number_of(const boost::json::value& value, std::string_view name) {
    boost::system::error_code error;
    const auto number = value.to_number<double>(error);
    return !error ? number : (throw_wrong_type(name, "a number", value), 0);
}

std::string_view arguments::text_of(const boost::json::value& value, std::string_view name) {
    const auto* text = value.if_string();
    return text ? std::string_view{*text} : (throw_wrong_type(name, "a string", value), std::string_view{});
}

void arguments::read_registered(const boost::json::value& value, const std::type_info& type, void* target,
                                std::string_view name) const {
    const auto reader = readers_->find(type);
    if (reader == readers_->end())
        throw_wrong_type(
            name, "the C++ type " + boost::core::demangle(type.name()) + ", which is not registered with the schema", value);
    reader->second(value, target);
}

} // namespace atrium::graphql
