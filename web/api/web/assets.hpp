#pragma once

#include <span>
#include <string_view>

/// The pages that Atrium serves itself, built from web/ and embedded in the binary.
namespace atrium::web {

/// A file of a page. The texts and bytes live as long as the program.
struct asset {
    std::string_view page;         ///< its name, such as "graphiql"
    std::string_view name;         ///< of the file, such as "index.html" or "main-3CTGJIYJ.css"
    std::string_view content_type; ///< with its charset
    std::string_view etag;         ///< strong, in quotes; of the uncompressed bytes
    bool immutable;                ///< its name contains a hash of its content, so browsers may keep it forever
    std::string_view gzip;         ///< the bytes, compressed (RFC 1952)
};

/// Every file of every page. Empty if Atrium was built without pages (CMake option ATRIUM_WEB).
[[nodiscard]] std::span<const asset> assets() noexcept;

/// Null if there is no such file.
[[nodiscard]] const asset* find_asset(std::string_view page, std::string_view name) noexcept;

} // namespace atrium::web
