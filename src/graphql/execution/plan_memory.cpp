#include "plan_memory.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <string>

namespace atrium::graphql {
namespace {

namespace json = boost::json;

constexpr std::size_t per_block = 16; // overhead of the heap for each block, with rounding

std::size_t block(std::size_t bytes) {
    return bytes == 0 ? 0 : bytes + per_block;
}

std::size_t beyond(const std::string& text) {
    static const auto within = std::string{}.capacity();
    return text.capacity() > within ? block(text.capacity() + 1) : 0;
}

template <class T>
std::size_t beyond(const std::vector<T>& items) {
    return block(items.capacity() * sizeof(T));
}

/// Bytes that a value occupies outside of itself.
std::size_t beyond(const json::value& v) {
    if (const auto* text = v.if_string())
        return block(text->size());
    std::size_t sum = 0;
    if (const auto* items = v.if_array()) {
        sum += block(items->capacity() * sizeof(json::value));
        for (const auto& item : *items)
            sum += beyond(item);
    } else if (const auto* object = v.if_object()) {
        sum += block(object->capacity() * (sizeof(json::key_value_pair) + sizeof(std::uint32_t)));
        for (const auto& [key, value] : *object)
            sum += block(key.size() + 1) + beyond(value);
    }
    return sum;
}

std::size_t beyond(const argument_plan& a) {
    std::size_t sum = a.error ? beyond(a.error->message) : 0;
    if (a.values)
        for (const auto& [key, value] : *a.values)
            sum += block(sizeof(json::key_value_pair) + key.size() + 1) + beyond(value);
    return sum;
}

std::size_t beyond(const field_plan& f) {
    return beyond(f.key) + beyond(f.quoted_key) + beyond(f.constant) + beyond(f.locations) + beyond(f.below) +
           beyond(f.arguments);
}

} // namespace

std::size_t memory_of(const plan& p) {
    std::size_t sum = block(sizeof p) + p.selections.size() * sizeof(selection_plan);
    for (const auto& selection : p.selections) {
        sum += beyond(selection.fields) + beyond(selection.reads.named()) +
               (selection.error ? beyond(selection.error->message) : 0);
        for (const auto& field : selection.fields)
            sum += beyond(field);
    }
    return sum;
}

} // namespace atrium::graphql
