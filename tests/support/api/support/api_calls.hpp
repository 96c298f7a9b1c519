#pragma once

#include <support/requester.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::support {

/// A user as the API shows it.
struct user {
    std::int64_t id = 0;
    std::string username;
    std::string email;
    std::int64_t order_count = 0;
    std::optional<std::string> last_order_at;
    std::int64_t revision = 0;
};

/// An order as the API shows it.
struct order {
    std::int64_t id = 0;
    std::int64_t user_id = 0;
    std::string user; ///< the name
    std::string product_name;
    std::int64_t quantity = 0;
    std::string status;
    std::int64_t revision = 0;
};

/// What tests ask of users and orders, wherever they run. Each call must succeed, else the test fails. One thread.
class api_calls {
public:
    virtual ~api_calls() = default;

    /// Connections that are kept until the server ends.
    [[nodiscard]] virtual requester& http() = 0;

    /// The e-mail address is made from the name.
    user create_user(std::string_view name);
    order place_order(std::string_view username, std::string_view product_name, std::int64_t quantity = 1);
    void rename(const user& u, std::string_view name);
    void remove(const user& u);
    void remove(const order& o);
    [[nodiscard]] user find(const user& u);
    [[nodiscard]] order find(const order& o);
    /// All of them, page by page.
    [[nodiscard]] std::vector<user> users();
    [[nodiscard]] std::vector<order> orders();
    /// Whether every event has reached everyone whom it concerns.
    [[nodiscard]] virtual bool is_quiet() = 0;

private:
    std::vector<boost::json::value> all_of(std::string_view path);
};

} // namespace atrium::support
