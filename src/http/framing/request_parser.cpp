#include "framing/request_parser.hpp"

#include "framing/target.hpp"
#include "messages/blanks.hpp"

#include <base/text.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>

namespace atrium::http {
namespace {

namespace beast = boost::beast::http;

constexpr std::size_t max_chunk_overhead =
    4096; // max bytes of each: a chunk header, the trailers, and the sum of the body's chunk extensions

constexpr refusal malformed(std::string_view detail) {
    return {beast::status::bad_request, "malformed", detail};
}

constexpr refusal bad_request_line = malformed("the request line is malformed");
constexpr refusal bad_target = malformed("the request target is malformed");
constexpr refusal bad_path = malformed("the path contains an invalid escape, an encoded slash or NUL, or is not UTF-8");
constexpr refusal bad_field = malformed("a header field is malformed");
constexpr refusal bad_host = malformed("the request needs exactly one Host, which is a host and an optional port");
constexpr refusal bad_length =
    malformed("the request must not have more than one Content-Length, which must be a decimal number of at most 64 bits");
constexpr refusal bad_coding = malformed("the framing of the body is ambiguous: Transfer-Encoding must be exactly chunked, in "
                                         "HTTP/1.1 and without Content-Length");
constexpr refusal bad_chunk = malformed("the chunked body is malformed, or a chunk header or the trailers are too long");
constexpr refusal unknown_coding{beast::status::not_implemented, "transfer_coding",
                                 "the only supported transfer coding is chunked"};
constexpr refusal unknown_version{beast::status::http_version_not_supported, "version",
                                  "this server supports HTTP/1.0 and 1.1"};
constexpr refusal no_tunnel{beast::status::not_implemented, "method", "this server is not a proxy"};
constexpr refusal body_too_large{beast::status::payload_too_large, "body_too_large", "the body is too large"};

std::string_view to_std(boost::beast::string_view text) {
    return {text.data(), text.size()};
}

/// Whether the request line ends in the form of an HTTP version.
bool has_version(std::string_view head) {
    const auto line = head.substr(0, head.find('\r'));
    const auto version = line.substr(std::min(line.rfind(' '), line.size() - 1) + 1);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) && version[6] == '.' &&
           is_digit(version[7]);
}

/// Whether the list ends with `chunked` after one or more other codings, which this server does not support (501, RFC 9112,
/// section 6.1). In any other list except `chunked` alone, the end of the body is unknown (400, RFC 9112, section 6.3).
bool is_unknown_then_chunked(std::string_view codings) {
    const auto comma = codings.rfind(',');
    if (comma == std::string_view::npos || ascii_lower(codings.substr(0, comma)).find("chunked") != std::string::npos)
        return false;
    auto last = codings.substr(comma + 1);
    skip_blanks(last);
    return ascii_iequals(last, "chunked");
}

} // namespace

beast_parser::beast_parser(const limits& limits, request& request, message_facts& facts, std::string& body)
    : request_{request}, facts_{facts}, body_{body} {
    header_limit(0xffffffff); // no limit, because the scanner has checked the size
    body_limit(limits.body);
}

progress beast_parser::refuse(const refusal& cause) {
    why_ = cause;
    return progress::refused;
}

progress beast_parser::parse_head(std::string_view head) {
    error_code failure;
    put(boost::asio::const_buffer{head.data(), head.size()}, failure);
    if (!why_.detail.empty())
        return progress::refused;
    if (failure)
        return refuse_for(failure, head);
    if (check_framing() == progress::refused)
        return progress::refused;
    return check_host();
}

progress beast_parser::refuse_for(const error_code& failure, std::string_view head) {
    if (failure == beast::error::body_limit)
        return refuse(body_too_large);
    if (failure == beast::error::bad_version)
        return refuse(has_version(head) ? unknown_version : bad_request_line);
    if (failure == beast::error::bad_method || failure == beast::error::bad_target)
        return refuse(bad_request_line);
    if (failure == beast::error::bad_content_length || failure == beast::error::multiple_content_length)
        return refuse(transfer_encoding_count_ == 0 ? bad_length : bad_coding);
    if (failure == beast::error::bad_transfer_encoding)
        return refuse(bad_coding);
    return refuse(bad_field);
}

progress beast_parser::check_framing() {
    if (content_length_count_ > 0) {
        const bool is_number = content_length_.find_first_not_of("0123456789") == std::string_view::npos;
        if (content_length_count_ > 1 || !is_number)
            return refuse(bad_length);
    }
    if (transfer_encoding_count_ == 0)
        return progress::done;
    if (transfer_encoding_count_ > 1 || content_length_count_ > 0 || facts_.version < 11)
        return refuse(bad_coding);
    if (!ascii_iequals(transfer_encoding_, "chunked"))
        return refuse(is_unknown_then_chunked(transfer_encoding_) ? unknown_coding : bad_coding);
    return chunked() ? progress::done : refuse(bad_coding);
}

progress beast_parser::check_host() {
    if (host_count_ == 0 && facts_.version < 11) {
        if (!authority_.empty()) // the authority of an absolute target replaces the Host (RFC 9112, section 3.2.2)
            request_.headers.add({"Host", authority_});
        return progress::done;
    }
    return host_count_ == 1 && is_host(host_) ? progress::done : refuse(bad_host);
}

bool beast_parser::refuse_target(const refusal& cause) {
    why_ = cause;
    return false;
}

bool beast_parser::take_target(verb method, std::string_view text) {
    if (method == verb::connect)
        return refuse_target(no_tunnel);
    const auto parts = split_target(method, text);
    if (!parts)
        return refuse_target(bad_target);
    if (!decode_path(parts->path, request_.path))
        return refuse_target(bad_path);
    facts_.is_asterisk = parts->is_asterisk;
    authority_ = parts->authority;
    request_.target = parts->path_and_query;
    request_.query = parts->query;
    return true;
}

void beast_parser::on_request_impl(verb method, string_view, string_view text, int version, error_code& failure) {
    request_.method = method;
    request_.version = version;
    facts_.version = version;
    if (!take_target(method, to_std(text)))
        failure = beast::error::bad_target;
}

void beast_parser::on_field_impl(beast::field known, string_view name, string_view text, error_code&) {
    if (is_head_done_)
        return; // trailers are ignored, so that they cannot change the framing
    auto value = to_std(text);
    switch (known) {
    case beast::field::host:
        ++host_count_;
        host_ = value;
        if (!authority_.empty())
            value = authority_;
        break;
    case beast::field::content_length:
        ++content_length_count_;
        content_length_ = value;
        break;
    case beast::field::transfer_encoding:
        ++transfer_encoding_count_;
        transfer_encoding_ = value;
        break;
    case beast::field::expect:
        facts_.expects_continue = facts_.version >= 11 && ascii_iequals(value, "100-continue");
        facts_.has_unknown_expectation = facts_.version >= 11 && !facts_.expects_continue;
        break;
    default: break;
    }
    request_.headers.add({to_std(name), value});
}

void beast_parser::on_header_impl(error_code&) {
    is_head_done_ = true;
    facts_.keep_alive = keep_alive();
    facts_.is_chunked = chunked();
    facts_.content_length = content_length().value_or(0);
}

progress beast_parser::take_chunks(std::string_view unread, std::size_t& used) {
    eager(true);
    error_code failure;
    used = put(boost::asio::const_buffer{unread.data(), unread.size()}, failure);
    if (!why_.detail.empty())
        return progress::refused;
    if (failure == beast::error::body_limit)
        return refuse(body_too_large);
    if (failure && failure != beast::error::need_more)
        return refuse(bad_chunk);
    if (is_done())
        return progress::done;
    return unread.size() - used > max_chunk_overhead ? refuse(bad_chunk) : progress::need_more;
}

void beast_parser::on_chunk_header_impl(std::uint64_t, string_view extensions, error_code& failure) {
    // Some servers treat a bare LF in an extension as the end of the line, others as an ordinary character. This difference
    // would allow request smuggling.
    const auto is_control = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; };
    extension_bytes_ += extensions.size();
    if (extension_bytes_ > max_chunk_overhead || std::any_of(extensions.begin(), extensions.end(), is_control))
        failure = beast::error::bad_chunk_extension;
}

std::size_t beast_parser::on_chunk_body_impl(std::uint64_t, string_view piece, error_code&) {
    body_.append(piece.data(), piece.size());
    return piece.size();
}

} // namespace atrium::http
