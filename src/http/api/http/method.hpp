#pragma once

#include <boost/beast/http/verb.hpp>

#include <string_view>

namespace atrium::http {

/// The name of a method: "GET". The text lives as long as the program.
[[nodiscard]] inline std::string_view name_of(boost::beast::http::verb method) {
    const auto text = boost::beast::http::to_string(method);
    return {text.data(), text.size()};
}

} // namespace atrium::http
