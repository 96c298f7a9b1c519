#include <base/error.hpp>

#include <stdexcept>

namespace atrium {

error invalid_field(std::string pointer, std::string detail) {
    const auto field = pointer.empty() ? "the body" : pointer.substr(pointer.starts_with('/') ? 1 : 0);
    return {.code = errc::invalid, .detail = field + " " + detail, .faults = {{std::move(pointer), std::move(detail)}}};
}

std::string_view name_of(errc code) noexcept {
    switch (code) {
    case errc::unsupported_type: return "unsupported_type";
    case errc::malformed: return "malformed";
    case errc::invalid: return "invalid";
    case errc::not_found: return "not_found";
    case errc::unauthenticated: return "unauthenticated";
    case errc::forbidden: return "forbidden";
    case errc::conflict: return "conflict";
    case errc::precondition_failed: return "precondition_failed";
    case errc::unavailable: return "unavailable";
    }
    return "unknown";
}

bool is_temporary(const std::exception_ptr& exception) {
    try {
        std::rethrow_exception(exception);
    } catch (const temporary&) {
        return true;
    } catch (...) {
        return false;
    }
}

std::string reason_of(const std::exception_ptr& exception) {
    try {
        std::rethrow_exception(exception);
    } catch (const std::exception& e) {
        return e.what();
    } catch (...) {
        return "an exception of an unknown type";
    }
}

void throw_exception_from_error(const error& e, const boost::source_location& where) {
    throw std::logic_error{"a value was expected at " + where.to_string() + ", but: " + std::string{name_of(e.code)} + ": " +
                           e.detail};
}

} // namespace atrium
