#include "errors.hpp"

#include <base/awaitable.hpp>
#include <base/json_writer.hpp>
#include <base/unknown_outcome.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace atrium::graphql {
namespace {

/// The name of the code in the usual spelling of GraphQL: "NOT_FOUND".
std::string code_of(errc c) {
    std::string word{name_of(c)};
    for (auto& letter : word)
        letter = letter == '_' ? '_' : static_cast<char>(letter - 'a' + 'A');
    return word;
}

void append_details(json_writer& out, const error& e) {
    if (!e.faults.empty()) {
        out.key("errors").begin_array();
        for (const auto& f : e.faults)
            out.begin_object().key("pointer").value(f.pointer).key("detail").value(f.detail).end_object();
        out.end_array();
    }
    if (e.retry_after.count() > 0)
        out.key("retryAfter").value(static_cast<std::int64_t>(e.retry_after.count()));
}

} // namespace

engine_error classify_exception(const context& c, std::string_view where) {
    const auto exception = std::current_exception();
    try {
        throw;
    } catch (const boost::system::system_error& e) {
        if (e.code() == asio::error::operation_aborted)
            throw;
    } catch (...) { // ignored: every other exception is logged below
    }
    const std::vector<log_field> fields{{"request_id", c.request_id}, {"field", where}, {"reason", reason_of(exception)}};
    if (is_temporary(exception)) { // logged at a low level, because the client is informed that it can repeat the request
        c.log.debug("a resolver failed temporarily", fields);
        return engine_error::temporary;
    }
    c.log.error("a resolver failed", fields);
    return is_unknown_outcome(exception) ? engine_error::unknown : engine_error::internal;
}

std::string_view message_of(const error& e) {
    if (!e.detail.empty())
        return e.detail;
    switch (e.code) {
    case errc::unsupported_type: return "This type of input is not supported.";
    case errc::malformed: return "The input cannot be read.";
    case errc::invalid: return "The input is invalid.";
    case errc::not_found: return "The object does not exist.";
    case errc::unauthenticated: return "A valid credential is needed.";
    case errc::forbidden: return "This is not allowed.";
    case errc::conflict: return "This conflicts with existing data.";
    case errc::precondition_failed: return "This has been changed by another client.";
    case errc::unavailable: return "This cannot be done now; nothing was changed.";
    }
    return "internal error";
}

void error_list::add(const error_entry& entry) {
    if (is_full())
        leave_out();
    else
        append(entry);
}

std::string error_list::finish() && {
    if (left_out_ > 0) {
        const auto message =
            std::to_string(left_out_) + (left_out_ == 1 ? " more error is" : " more errors are") + " left out.";
        append({.message = message, .code = code::left_out});
    }
    return '[' + std::move(text_) + ']';
}

void error_list::append(const error_entry& entry) {
    if (!text_.empty())
        text_ += ',';
    json_writer out{text_};
    out.begin_object().key("message").value(entry.message);
    if (!entry.locations.empty()) {
        out.key("locations").begin_array();
        for (const auto& location : entry.locations)
            out.begin_object()
                .key("line")
                .value(std::int64_t{location.line})
                .key("column")
                .value(std::int64_t{location.column})
                .end_object();
        out.end_array();
    }
    if (!entry.path.empty())
        out.key("path").raw(entry.path);
    out.key("extensions").begin_object().key("code");
    if (entry.details)
        out.value(entry.code.empty() ? code_of(entry.details->code) : std::string{entry.code});
    else
        out.value(entry.code);
    if (entry.details)
        append_details(out, *entry.details);
    if (!entry.request_id.empty())
        out.key("requestId").value(entry.request_id);
    out.end_object().end_object();
}

std::string error_body(const located_errors& errors, std::string_view code) {
    error_list list;
    for (const auto& e : errors)
        list.add({.message = e.message, .locations = e.locations, .code = code});
    return "{\"errors\":" + std::move(list).finish() + '}';
}

} // namespace atrium::graphql
