#pragma once

#include <memory>
#include <string>

struct ssl_ctx_st;

namespace atrium::http {

/// The configuration that TLS connections of one kind share: versions, certificates and keys. It may be used by any thread, but
/// must not be changed once a connection uses it.
using tls_context = std::shared_ptr<ssl_ctx_st>;

enum class tls_role { server, client };

/// Creates a configuration for TLS 1.2 and 1.3 with OpenSSL's ciphers of at least security level 2; no compression, no
/// renegotiation, and no cache of sessions.
[[nodiscard]] tls_context make_tls_context(tls_role role);

} // namespace atrium::http
