#include <base/error.hpp>

#include <stdexcept>

namespace atrium {

error at_field(error from, std::string pointer) {
    if (from.code == errc::unavailable)
        return from; // no fault of the field
    auto detail = from.detail;
    return {.code = errc::invalid, .detail = std::move(from.detail), .faults = {{std::move(pointer), std::move(detail)}}};
}

error invalid_field(std::string pointer, std::string detail) {
    return at_field({.code = errc::invalid, .detail = std::move(detail)}, std::move(pointer));
}

std::string_view name_of(errc code) noexcept {
    switch (code) {
    case errc::malformed: return "malformed";
    case errc::invalid: return "invalid";
    case errc::not_found: return "not_found";
    case errc::conflict: return "conflict";
    case errc::precondition_failed: return "precondition_failed";
    case errc::unavailable: return "unavailable";
    }
    return "unknown";
}

void throw_exception_from_error(const error& e, const boost::source_location& where) {
    throw std::logic_error{"a value was expected at " + where.to_string() + ", but: " + std::string{name_of(e.code)} + ": " +
                           e.detail};
}

} // namespace atrium
