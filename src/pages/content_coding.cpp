#include "content_coding.hpp"

#include <base/text.hpp>

#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/zlib/inflate_stream.hpp>

#include <algorithm>
#include <stdexcept>

namespace atrium::pages {

std::string unpack_gzip(std::string_view gzip) {
    constexpr std::size_t header = 10;
    constexpr std::size_t trailer = 8; // checksum, then size, both in little-endian order
    std::size_t size = 0;
    for (std::size_t i = 1; i <= 4; ++i)
        size = size << 8U | static_cast<unsigned char>(gzip[gzip.size() - i]);

    std::string plain(size, '\0');
    const auto deflated = gzip.substr(header, gzip.size() - header - trailer);
    boost::beast::zlib::z_params zlib;
    zlib.next_in = deflated.data();
    zlib.avail_in = deflated.size();
    zlib.next_out = plain.data();
    zlib.avail_out = plain.size();
    boost::beast::error_code failure;
    boost::beast::zlib::inflate_stream{}.write(zlib, boost::beast::zlib::Flush::finish, failure);
    if (zlib.avail_out != 0)
        throw std::logic_error{"an embedded file is damaged"};
    return plain;
}

bool accepts_gzip(const http::request& q) {
    const auto accepted = q.headers.get("Accept-Encoding");
    for (const auto& [coding, parameters] : boost::beast::http::ext_list{{accepted.data(), accepted.size()}})
        if (ascii_iequals({coding.data(), coding.size()}, "gzip"))
            return std::none_of(parameters.begin(), parameters.end(), [](const auto& each) {
                return each.first == "q" && each.second.find_first_not_of("0.") == boost::beast::string_view::npos;
            });
    return false;
}

} // namespace atrium::pages
