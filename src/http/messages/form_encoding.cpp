#include "messages/form_encoding.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include <algorithm>

namespace atrium::http {

namespace urls = boost::urls;

std::optional<std::string> decode_form_text(std::string_view encoded) {
    const auto checked = urls::make_pct_string_view({encoded.data(), encoded.size()});
    if (!checked)
        return std::nullopt;
    return checked->decode(urls::encoding_opts{true}); // '+' is a space
}

std::string encode_form_text(std::string_view text) {
    return urls::encode({text.data(), text.size()}, urls::unreserved_chars + ',');
}

void for_each_pair(std::string_view encoded, const std::function<void(std::string_view, std::string_view)>& visit) {
    while (!encoded.empty()) {
        const auto piece = encoded.substr(0, encoded.find('&'));
        encoded.remove_prefix(std::min(piece.size() + 1, encoded.size()));
        if (piece.empty())
            continue;
        const auto equals = std::min(piece.find('='), piece.size());
        visit(piece.substr(0, equals), piece.substr(std::min(equals + 1, piece.size())));
    }
}

} // namespace atrium::http
