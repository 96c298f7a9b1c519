#include "broker_error.hpp"

#include "amqp.hpp"

#include <base/text.hpp>

#include <charconv>

namespace atrium::events::rabbitmq {
namespace {

using remedy = broker_error::remedy;

std::string address_of(const broker_url& url) {
    return authority(url.host, url.port);
}

std::string quote(const attempt& a) {
    return a.subject.empty() ? std::string{a.action} : std::string{a.action} + " \"" + std::string{a.subject} + '"';
}

std::string put_in_brackets(const attempt& a) {
    return a.action.empty() ? "" : " (" + quote(a) + ')';
}

/// Reads the maximum from "message size 20 is larger than configured max size 10".
std::optional<std::size_t> largest_message(std::string_view text) {
    constexpr std::string_view marker = "max size ";
    const auto position = text.find(marker);
    if (position == std::string_view::npos || text.find("message size") == std::string_view::npos)
        return std::nullopt;
    std::size_t limit = 0;
    const auto* first = text.data() + position + marker.size();
    return std::from_chars(first, text.data() + text.size(), limit).ec == std::errc{} ? std::optional{limit} : std::nullopt;
}

bool is_broken_protocol(int status) {
    return status == AMQP_STATUS_BAD_AMQP_DATA || status == AMQP_STATUS_UNKNOWN_CLASS || status == AMQP_STATUS_UNKNOWN_METHOD ||
           status == AMQP_STATUS_INCOMPATIBLE_AMQP_VERSION || status == AMQP_STATUS_WRONG_METHOD;
}

} // namespace

broker_error connect_error(int status, const broker_url& url, std::string_view ca_file) {
    switch (status) {
    case AMQP_STATUS_HOSTNAME_RESOLUTION_FAILED:
        return {"the host name " + url.host + " is not known", "check the host in bus.rabbitmq.url and the name service",
                remedy::time};
    case AMQP_STATUS_TIMEOUT:
        return {address_of(url) + " does not answer",
                "check host and port in bus.rabbitmq.url, and whether a firewall is in between", remedy::time};
    case AMQP_STATUS_SOCKET_ERROR:
        return {address_of(url) + " refuses connections or cannot be reached",
                "start RabbitMQ there, or correct host and port in bus.rabbitmq.url", remedy::time};
    case AMQP_STATUS_SSL_PEER_VERIFY_FAILED:
        return {"the certificate of " + address_of(url) + " is not signed by an authority in " + std::string{ca_file} +
                    ", or is out of date",
                "set bus.rabbitmq.ca_file to the file of the authority that signed it, or renew the certificate",
                remedy::manual};
    case AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED:
        return {"the certificate of " + address_of(url) + " is for another host name",
                "use the name in the certificate in bus.rabbitmq.url", remedy::manual};
    case AMQP_STATUS_SSL_CONNECTION_FAILED:
    case AMQP_STATUS_SSL_ERROR:
        return {address_of(url) + " does not complete a TLS handshake",
                "check that bus.rabbitmq.url has the TLS port (usually 5671) and that the broker supports TLS 1.2 or later",
                remedy::time};
    case AMQP_STATUS_BROKER_UNSUPPORTED_SASL_METHOD:
        return {address_of(url) + " does not allow a login with user and password",
                "add PLAIN to auth_mechanisms in the broker's configuration", remedy::manual};
    case AMQP_STATUS_CONNECTION_CLOSED:
        return {address_of(url) + " closed the connection before the login was complete",
                url.tls ? "check the broker's log"
                        : "if this is the broker's TLS port, bus.rabbitmq.url must begin with amqps://",
                remedy::time};
    default:
        if (is_broken_protocol(status))
            return {address_of(url) + " does not speak AMQP 0-9-1",
                    "check host and port in bus.rabbitmq.url (usually 5672, or 5671 for amqps)", remedy::manual};
        return {"no connection to " + address_of(url) + ": " + amqp_error_string2(status), "check the broker's log",
                remedy::time};
    }
}

broker_error lost_error(int status, const attempt& a) {
    const std::string advice = "nothing if the broker was restarted; otherwise check its log and the network";
    if (status == AMQP_STATUS_HEARTBEAT_TIMEOUT)
        return {"the connection is dead: the broker was silent for two heartbeats", advice, remedy::time};
    if (status == AMQP_STATUS_TIMEOUT && a.action.ends_with("queue"))
        return {"the broker did not answer in time" + put_in_brackets(a),
                "if this continues, check whether the queue has a leader (rabbitmq-queues quorum_status " +
                    std::string{a.subject} + "); delete a queue that stays without a leader; it is then declared again",
                remedy::time};
    if (status == AMQP_STATUS_TIMEOUT)
        return {"the broker did not answer in time" + put_in_brackets(a), advice, remedy::time};
    return {"the connection broke: " + std::string{amqp_error_string2(status)} + put_in_brackets(a), advice, remedy::time};
}

broker_error closed_error(int code, std::string_view text, const broker_url& url, const attempt& a) {
    const auto refusal =
        (a.action.empty() ? "the broker closed the channel or the connection" : "the broker refused to " + quote(a)) + ": " +
        std::string{text};
    const auto account = "user \"" + url.user + "\" on virtual host \"" + url.vhost + '"';
    switch (code) {
    case AMQP_INTERNAL_ERROR:
        if (text.find("transient_nonexcl_queues") != std::string_view::npos)
            return {refusal,
                    "the broker accepts only durable queues: set durable = true for the bridge and in the programs that use "
                    "its queue, or deprecated_features.permit.transient_nonexcl_queues = true in the broker's configuration",
                    remedy::manual};
        if (text.find("cluster_not_formed") != std::string_view::npos)
            return {refusal,
                    "if this continues, restart the node named in the reason: a process of a deleted queue is left over there",
                    remedy::time};
        return {"the broker closed the connection with code 541: " + std::string{text} + put_in_brackets(a),
                "check the broker's log", remedy::time};
    case AMQP_ACCESS_REFUSED:
        if (text.find("Login was refused") != std::string_view::npos)
            return {"the broker refused the login of user \"" + url.user + '"', "check user and password in bus.rabbitmq.url",
                    remedy::manual};
        return {refusal, "give " + account + " configure, write and read permission (rabbitmqctl set_permissions)",
                remedy::manual};
    case AMQP_NOT_ALLOWED:
        return {refusal,
                "check the virtual host in bus.rabbitmq.url; it must exist (rabbitmqctl add_vhost) and the user must have "
                "access to it (rabbitmqctl set_permissions)",
                remedy::manual};
    case AMQP_PRECONDITION_FAILED:
        if (text.find("acknowledgement") != std::string_view::npos)
            return {"the broker waited too long for an acknowledgement: " + std::string{text},
                    "check this log for storage errors; the broker's limit is its consumer_timeout", remedy::time};
        if (const auto limit = largest_message(text))
            return broker_error{"the broker refused a message because of its size: " + std::string{text},
                                "nothing: the event becomes a dead letter; the limit is the broker's max_message_size",
                                remedy::time}
                .with_largest_message(*limit);
        if (text.find("'non-durable'") != std::string_view::npos)
            return {refusal, "set durable = true for the bridge, as the virtual host's default queue type requires",
                    remedy::manual};
        if (a.action.find("exchange") != std::string_view::npos)
            return {refusal, "choose another name for bus.rabbitmq.exchange: an exchange of another kind has this name",
                    remedy::manual};
        return {refusal,
                "the queue exists with other arguments: delete the queue " + std::string{a.subject} +
                    " after draining it, or choose another exchange or queue name",
                remedy::manual};
    case AMQP_RESOURCE_LOCKED:
        return {refusal,
                "another connection owns the queue " + std::string{a.subject} +
                    " exclusively: close that connection, or use another name",
                remedy::manual};
    case AMQP_CONNECTION_FORCED:
        return {"the broker closed the connection: " + std::string{text}, "nothing if the broker was stopped on purpose",
                remedy::time};
    default:
        return {"the broker closed the connection with code " + std::to_string(code) + ": " + std::string{text} +
                    put_in_brackets(a),
                "check the broker's log", remedy::time};
    }
}

} // namespace atrium::events::rabbitmq
