#pragma once

#include <base/error.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace atrium::http {

/// One part of a multipart/form-data body (RFC 7578). The views point into the body.
struct form_part {
    std::string name = {};
    std::string_view content = {};
    bool is_file = false;                    ///< the part has a file name
    std::string_view content_type = {};      ///< empty if the part has none
    std::string_view transfer_encoding = {}; ///< Content-Transfer-Encoding; empty if the part has none
};

/// Reads the parts of a body one after the other. It is strict, because two readers must not find different parts in one body:
/// each line of a header must end with CRLF, nothing may precede the first boundary or follow the last one, and no line of a
/// part may begin with the boundary (RFC 2046, section 5.1.1). No I/O.
class multipart_reader {
public:
    /// `boundary` must be valid, and `body` must outlive the reader.
    multipart_reader(std::string_view body, std::string_view boundary);

    /// The next part; empty after the last one. Errors: malformed, after which nothing more can be read.
    [[nodiscard]] result<std::optional<form_part>> next();

private:
    std::string delimiter_; ///< CRLF, two dashes, the boundary
    std::string_view rest_;
    bool has_begun_ = false;
};

/// Whether `text` can be a boundary (RFC 2046, section 5.1.1).
[[nodiscard]] bool is_boundary(std::string_view text) noexcept;

} // namespace atrium::http
