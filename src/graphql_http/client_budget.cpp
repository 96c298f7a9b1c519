#include "client_budget.hpp"

#include <algorithm>

namespace atrium::graphql_http {

using std::chrono::nanoseconds;

client_budget::client_budget(const budget_settings& s, std::uint64_t seed, std::size_t sets)
    : connection_{s.connection, s.connection_burst}, address_{s.address, s.address_burst},
      addresses_{seed, address_.is_limited() ? sets : 0} {
    for (const auto& text : s.shared_networks)
        if (const auto network = http::address_network::parse(text))
            shared_.push_back(*network);
}

client_budget::payer client_budget::payer_of(const std::shared_ptr<http::client_account>& account, use u) const noexcept {
    if (!account)
        return {};
    const bool shared = is_shared(account->address);
    const bool by_connection = connection_.is_limited() && (!shared || u == use::operations);
    const bool by_address = address_.is_limited() && !shared;
    if (!by_connection && !by_address)
        return {};
    return {account, by_connection, by_address};
}

std::optional<client_budget::refusal> client_budget::find_shortage(const payer& client, double reserve, clock::time_point now) {
    nanoseconds of_connection{};
    nanoseconds of_address{};
    if (client.by_connection)
        of_connection = client.account->computing.wait(connection_, now, reserve);
    if (client.by_address)
        of_address = addresses_.wait(client.account->address, address_, now, reserve);
    if (of_connection.count() == 0 && of_address.count() == 0) [[likely]]
        return std::nullopt;
    if (of_connection > of_address)
        return refusal{limit::connection, of_connection};
    return refusal{limit::address, of_address};
}

bool client_budget::charge(const payer& client, clock::duration computed, clock::time_point now) {
    bool goes_on = true;
    if (client.by_connection) {
        auto& bucket = client.account->computing;
        bucket.take(connection_, computed, now);
        goes_on = bucket.left(connection_, now) > -overdraft;
    }
    if (client.by_address)
        goes_on = addresses_.take(client.account->address, address_, computed, now) > -overdraft && goes_on;
    return goes_on;
}

bool client_budget::is_shared(http::address_group address) const noexcept {
    return std::ranges::any_of(shared_, [address](const auto& network) { return network.contains(address); });
}

} // namespace atrium::graphql_http
