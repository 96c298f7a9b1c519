#pragma once

#include "framing/head_scanner.hpp"

#include <http/request.hpp>

#include <boost/beast/http/basic_parser.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace atrium::http {

/// Properties of a request's framing and connection.
struct message_facts {
    int version = 11;        ///< 10 or 11
    bool keep_alive = false; ///< whether the client asks to keep the connection open
    bool expects_continue = false;
    bool is_asterisk = false; ///< OPTIONS *
    bool has_unknown_expectation = false;
    bool is_chunked = false;
    std::uint64_t content_length = 0; ///< the length of a body that is not chunked
};

/// Parses the header of one request and decodes its chunks with Boost.Beast. Header fields are views into the header. No I/O.
class beast_parser final : public boost::beast::http::basic_parser<true> {
public:
    beast_parser(const limits& limits, request& request, message_facts& facts, std::string& body);

    /// `head` is complete and has passed the scanner. Refuses the following, which Beast 1.81 accepts: a Transfer-Encoding that
    /// is not exactly `chunked` (Beast would read the body as the next request), or that is combined with a Content-Length or
    /// HTTP/1.0; a Content-Length that is repeated or a list; a Host that is missing, repeated or malformed.
    [[nodiscard]] progress parse_head(std::string_view head);

    /// Appends the data of chunks to the body and drops trailers. `used` is set to the number of bytes taken from `unread`.
    [[nodiscard]] progress take_chunks(std::string_view unread, std::size_t& used);

    [[nodiscard]] const refusal& why() const noexcept { return why_; }

private:
    using error_code = boost::beast::error_code;
    using string_view = boost::beast::string_view;

    progress refuse(const refusal& cause);
    progress refuse_for(const error_code& failure, std::string_view head);
    progress check_framing();
    progress check_host();
    /// Returns false, with the reason in `why`, if the target is refused.
    bool take_target(verb method, std::string_view text);
    bool refuse_target(const refusal& cause);

    void on_request_impl(verb method, string_view name, string_view target, int version, error_code& failure) override;
    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_field_impl(boost::beast::http::field known, string_view name, string_view value, error_code& failure) override;
    void on_header_impl(error_code&) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(string_view, error_code&) override { return 0; } // only chunked bodies are parsed by Beast
    void on_chunk_header_impl(std::uint64_t size, string_view extensions, error_code& failure) override;
    std::size_t on_chunk_body_impl(std::uint64_t remain, string_view piece, error_code&) override;
    void on_finish_impl(error_code&) override {}

    request& request_;
    message_facts& facts_;
    std::string& body_;
    refusal why_{};

    std::string_view authority_; ///< the authority of an absolute target, which replaces the Host (RFC 9112, section 3.2.2)
    std::string_view host_;
    std::string_view transfer_encoding_;
    std::string_view content_length_;
    unsigned host_count_ = 0;
    unsigned transfer_encoding_count_ = 0;
    unsigned content_length_count_ = 0;
    std::size_t extension_bytes_ = 0;
    bool is_head_done_ = false;
};

} // namespace atrium::http
