#pragma once

#include <base/error.hpp>

// Catch2 2.13 (Debian 12) and 3 name their headers and one matcher differently. Tests include this header and use the names of
// version 3.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>

namespace Catch::Matchers {

inline StdString::ContainsMatcher ContainsSubstring(const std::string& text) {
    return Contains(text);
}

} // namespace Catch::Matchers
#endif

namespace Catch {

/// A failed CHECK of a result shows its error.
template <class T>
struct StringMaker<boost::system::result<T, atrium::error>> {
    static std::string convert(const boost::system::result<T, atrium::error>& r) {
        if (r)
            return "a value";
        auto text = std::string{atrium::name_of(r.error().code)} + ": " + r.error().detail;
        for (const auto& fault : r.error().faults)
            text += "; " + fault.pointer + " " + fault.detail;
        return text;
    }
};

} // namespace Catch
