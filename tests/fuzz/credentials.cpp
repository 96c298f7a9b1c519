#include "credential_text.hpp"
#include "require.hpp"

#include <access/session_cookie.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace atrium::auth;
using atrium::fuzz::require;

/// The input is used as the value of the header `Authorization`, and then as that of the header `Cookie`.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    if (const auto bearer = find_bearer(text)) {
        require(text.find(*bearer) != text.npos, "a credential is a part of its field");
        require(find_bearer("Bearer " + std::string{*bearer}) == bearer,
                "a credential stays the same when it is written and read again");
    }
    if (const auto cookie = find_cookie(text, atrium::access::plain_cookie_name)) {
        require(cookie->find(';') == cookie->npos, "a cookie ends at a semicolon");
        const auto again = "a=b; " + std::string{atrium::access::plain_cookie_name} + "=" + std::string{*cookie};
        require(find_cookie(again, atrium::access::plain_cookie_name) == cookie,
                "a cookie stays the same when it is written and read again");
    }
    return 0;
}
