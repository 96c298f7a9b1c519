#pragma once

#include <support/requester.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::support {

/// A user in the form in which the API shows it.
struct user {
    std::int64_t id = 0;
    std::string username;
    std::string email;
    std::int64_t order_count = 0;
    std::optional<std::string> last_order_at;
    std::int64_t revision = 0;
};

/// An order in the form in which the API shows it.
struct order {
    std::int64_t id = 0;
    std::int64_t user_id = 0;
    std::string user; ///< the user's name
    std::string product_name;
    std::int64_t quantity = 0;
    std::string status;
    std::int64_t revision = 0;
};

/// Requests to the modules users and orders, whatever processes they run in. If a call does not succeed, the test fails. For
/// one thread only.
class api_calls {
public:
    virtual ~api_calls() = default;

    /// Returns a client that keeps its connections until the server ends.
    [[nodiscard]] virtual requester& http() = 0;

    /// Creates a user with the e-mail address NAME@example.com.
    user create_user(std::string_view name);
    order place_order(std::string_view username, std::string_view product_name, std::int64_t quantity = 1);
    void rename(const user& u, std::string_view name);
    void remove(const user& u);
    void remove(const order& o);
    [[nodiscard]] user find(const user& u);
    [[nodiscard]] order find(const order& o);
    /// All users and all orders, read page by page.
    [[nodiscard]] std::vector<user> users();
    [[nodiscard]] std::vector<order> orders();
    /// Whether every event has been handled by every subscription to it.
    [[nodiscard]] virtual bool is_quiet() = 0;

private:
    std::vector<boost::json::value> read_all(std::string_view path);
};

} // namespace atrium::support
