#pragma once

#include <span>
#include <string_view>

/// The pages that Atrium serves itself, built from web/ and embedded in the binary.
namespace atrium::web {

/// A file of a page. The texts and bytes live as long as the program.
struct asset {
    std::string_view page;         ///< the name of the page, such as "graphiql"
    std::string_view name;         ///< the name of the file, such as "index.html" or "main-3CTGJIYJ.css"
    std::string_view content_type; ///< the content type, with its charset
    std::string_view etag;         ///< a strong ETag in quotes, computed from the uncompressed bytes
    bool immutable;        ///< whether the name contains a hash of the content, so that browsers may keep the file forever
    std::string_view gzip; ///< the compressed bytes (RFC 1952)
};

/// Every file of every page. Empty if Atrium was built without pages (CMake option ATRIUM_WEB).
[[nodiscard]] std::span<const asset> assets() noexcept;

/// Returns the file with this name, or null if the page has no such file.
[[nodiscard]] const asset* find_asset(std::string_view page, std::string_view name) noexcept;

} // namespace atrium::web
