#include "raw_requests.hpp"
#include "sockets/certificate.hpp"
#include "sockets/ticket_keys.hpp"

#include <support/catch.hpp>

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <string_view>

// Tests how long a client can resume a TLS session, with OpenSSL at both ends. The tests control the clock.

namespace atrium::http::test {
namespace {

using namespace std::chrono_literals;

using context_owner = std::unique_ptr<SSL_CTX, decltype(&::SSL_CTX_free)>;
using ssl_owner = std::unique_ptr<SSL, decltype(&::SSL_free)>;
using ticket = std::shared_ptr<SSL_SESSION>;

/// A TLS connection in memory. If the client has a ticket, it presents the ticket to resume an earlier session.
class tls_pair {
public:
    tls_pair(SSL_CTX* server, SSL_CTX* client, const ticket& presented = {})
        : server_{::SSL_new(server), ::SSL_free}, client_{::SSL_new(client), ::SSL_free} {
        BIO* one = nullptr;
        BIO* other = nullptr;
        REQUIRE(::BIO_new_bio_pair(&one, 0, &other, 0) == 1);
        ::SSL_set_bio(server_.get(), one, one);
        ::SSL_set_bio(client_.get(), other, other);
        ::SSL_set_accept_state(server_.get());
        ::SSL_set_connect_state(client_.get());
        if (presented)
            REQUIRE(::SSL_set_session(client_.get(), presented.get()) == 1);
        for (int step = 0; step < 20 && (!is_ready(server_) || !is_ready(client_)); ++step) {
            ::SSL_do_handshake(client_.get());
            ::SSL_do_handshake(server_.get());
        }
        REQUIRE(is_ready(server_));
        REQUIRE(is_ready(client_));
    }

    /// Ends the connection properly, because OpenSSL does not resume a session whose connection was broken off.
    ~tls_pair() { ::SSL_set_shutdown(client_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN); }
    tls_pair(const tls_pair&) = delete;
    tls_pair& operator=(const tls_pair&) = delete;

    [[nodiscard]] bool is_resumed() const { return ::SSL_session_reused(server_.get()) == 1; }

    /// Whether text passes in both directions.
    [[nodiscard]] bool works() { return passes(server_, client_) && passes(client_, server_); }

    /// The ticket that the client has received.
    [[nodiscard]] ticket get_ticket() {
        REQUIRE(works()); // with TLS 1.3 the ticket comes after the handshake
        return {::SSL_get1_session(client_.get()), ::SSL_SESSION_free};
    }

private:
    static bool is_ready(const ssl_owner& side) { return ::SSL_is_init_finished(side.get()) == 1; }

    static bool passes(const ssl_owner& sender, const ssl_owner& receiver) {
        constexpr std::string_view text = "text";
        std::array<char, 16> received{};
        return ::SSL_write(sender.get(), text.data(), static_cast<int>(text.size())) == static_cast<int>(text.size()) &&
               ::SSL_read(receiver.get(), received.data(), static_cast<int>(received.size())) == static_cast<int>(text.size());
    }

    ssl_owner server_;
    ssl_owner client_;
};

struct tickets_fixture {
    std::atomic<ticket_keys::time_point> now{ticket_keys::time_point{1000h}};
    std::shared_ptr<ticket_keys> keys = std::make_shared<ticket_keys>([this] { return now.load(); });
    tls_context server = make_server_context(common_tls(), keys);
    context_owner client{::SSL_CTX_new(::TLS_client_method()), ::SSL_CTX_free};

    explicit tickets_fixture(int version) { ::SSL_CTX_set_max_proto_version(client.get(), version); }

    void advance(std::chrono::seconds duration) { now = now.load() + duration; }
    tls_pair connect(const ticket& presented = {}) { return {server.get(), client.get(), presented}; }
};

} // namespace

TEST_CASE("a session ticket resumes its TLS session until its key was replaced twice, and open connections continue") {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        CAPTURE(version);
        tickets_fixture f{version};
        auto oldest = f.connect();
        CHECK_FALSE(oldest.is_resumed());
        const auto first = oldest.get_ticket();
        CHECK(f.connect(first).is_resumed());
        f.advance(ticket_keys::lifetime);
        auto resumed = f.connect(first);
        CHECK(resumed.is_resumed()); // with the previous key
        const auto second = resumed.get_ticket();
        f.advance(ticket_keys::lifetime);
        CHECK_FALSE(f.connect(first).is_resumed());
        CHECK(f.connect(second).is_resumed()); // it was issued with a newer key
        CHECK(oldest.works());
        CHECK(resumed.works());
    }
}

TEST_CASE("a ticket is no longer accepted after twice the lifetime of its key") {
    tickets_fixture f{TLS1_3_VERSION};
    const auto old = f.connect().get_ticket();
    f.advance(2 * ticket_keys::lifetime);
    CHECK_FALSE(f.connect(old).is_resumed());
}

TEST_CASE("a ticket of another server is not accepted, and leads to a full handshake") {
    tickets_fixture one{TLS1_3_VERSION};
    tickets_fixture other{TLS1_3_VERSION};
    const auto foreign = one.connect().get_ticket();
    CHECK_FALSE(other.connect(foreign).is_resumed());
    CHECK(one.connect(foreign).is_resumed());
}

TEST_CASE("keys of tickets are replaced after their lifetime, and erased after twice that time") {
    std::atomic<ticket_keys::time_point> now{ticket_keys::time_point{1000h}};
    ticket_keys keys{[&] { return now.load(); }};
    const auto first = keys.current().value();
    CHECK(keys.current()->name == first.name);
    now = now.load() + ticket_keys::lifetime - 1s;
    CHECK(keys.current()->name == first.name);
    now = now.load() + 1s;
    keys.rotate();
    const auto second = keys.current().value();
    CHECK(second.name != first.name);
    CHECK(second.cipher != first.cipher);
    CHECK(second.mac != first.mac);
    CHECK(keys.find(first.name.data())->cipher == first.cipher);
    now = now.load() + ticket_keys::lifetime - 1s;
    CHECK(keys.find(first.name.data()));
    now = now.load() + 1s;
    CHECK_FALSE(keys.find(first.name.data()));
    CHECK(keys.find(second.name.data()));
}

} // namespace atrium::http::test
