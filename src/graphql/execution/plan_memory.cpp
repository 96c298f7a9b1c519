#include "plan_memory.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <string>

namespace atrium::graphql {
namespace {

namespace json = boost::json;

constexpr std::size_t block_overhead = 16; // bytes that the heap adds to each block, including rounding

/// Bytes that the heap uses for a block of this size.
std::size_t block(std::size_t bytes) {
    return bytes == 0 ? 0 : bytes + block_overhead;
}

// Each of these functions returns the bytes that a value occupies on the heap, outside of the object itself.

std::size_t heap_bytes_of(const std::string& text) {
    static const auto inline_capacity = std::string{}.capacity();
    return text.capacity() > inline_capacity ? block(text.capacity() + 1) : 0;
}

template <class T>
std::size_t heap_bytes_of(const std::vector<T>& items) {
    return block(items.capacity() * sizeof(T));
}

std::size_t heap_bytes_of(const json::value& v) {
    if (const auto* text = v.if_string())
        return block(text->size());
    std::size_t sum = 0;
    if (const auto* items = v.if_array()) {
        sum += block(items->capacity() * sizeof(json::value));
        for (const auto& item : *items)
            sum += heap_bytes_of(item);
    } else if (const auto* object = v.if_object()) {
        sum += block(object->capacity() * (sizeof(json::key_value_pair) + sizeof(std::uint32_t)));
        for (const auto& [key, value] : *object)
            sum += block(key.size() + 1) + heap_bytes_of(value);
    }
    return sum;
}

std::size_t heap_bytes_of(const argument_plan& a) {
    std::size_t sum = a.error ? heap_bytes_of(a.error->message) : 0;
    if (a.values)
        for (const auto& [key, value] : *a.values)
            sum += block(sizeof(json::key_value_pair) + key.size() + 1) + heap_bytes_of(value);
    return sum;
}

std::size_t heap_bytes_of(const field_plan& f) {
    return heap_bytes_of(f.key) + heap_bytes_of(f.quoted_key) + heap_bytes_of(f.constant) + heap_bytes_of(f.locations) +
           heap_bytes_of(f.below) + heap_bytes_of(f.arguments);
}

} // namespace

std::size_t memory_of(const plan& p) {
    std::size_t sum = block(sizeof p) + p.selections.size() * sizeof(selection_plan);
    for (const auto& selection : p.selections) {
        sum += heap_bytes_of(selection.fields) + heap_bytes_of(selection.reads.members()) +
               (selection.error ? heap_bytes_of(selection.error->message) : 0);
        for (const auto& field : selection.fields)
            sum += heap_bytes_of(field);
    }
    return sum;
}

} // namespace atrium::graphql
