#pragma once

#include <span>
#include <string_view>

/// The pages that Atrium serves itself, built from web/ and embedded in the binary.
namespace atrium::web {

/// A file of a page. Everything lives as long as the program.
struct asset {
    std::string_view page;         ///< "graphiql"
    std::string_view name;         ///< "index.html", "main-3CTGJIYJ.css"
    std::string_view content_type; ///< with its charset
    std::string_view etag;         ///< strong, in quotes; of the uncompressed bytes
    bool immutable;                ///< named by its content, so it may be kept for ever
    std::string_view gzip;         ///< the bytes, compressed (RFC 1952)
};

/// Every file of every page; none where Atrium was built without them (CMake option ATRIUM_WEB).
[[nodiscard]] std::span<const asset> assets() noexcept;

/// Null where there is no such file.
[[nodiscard]] const asset* find_asset(std::string_view page, std::string_view name) noexcept;

} // namespace atrium::web
