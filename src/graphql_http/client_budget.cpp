#include "client_budget.hpp"

#include <algorithm>

namespace atrium::graphql_http {

using std::chrono::nanoseconds;

client_budget::client_budget(const budget_settings& s, std::uint64_t seed, std::size_t sets)
    : connection_rate_{s.connection, s.connection_burst}, address_rate_{s.address, s.address_burst},
      addresses_{seed, address_rate_.is_limited() ? sets : 0} {
    for (const auto& text : s.shared_networks)
        if (const auto network = http::address_network::parse(text))
            shared_networks_.push_back(*network);
}

client_budget::payer client_budget::payer_of(const std::shared_ptr<http::client_account>& account, use u) const noexcept {
    if (!account)
        return {};
    const bool is_shared_address = is_shared(account->address);
    const bool connection_pays = connection_rate_.is_limited() && (!is_shared_address || u == use::operations);
    const bool address_pays = address_rate_.is_limited() && !is_shared_address;
    if (!connection_pays && !address_pays)
        return {};
    return {account, connection_pays, address_pays};
}

std::optional<client_budget::refusal> client_budget::find_shortage(const payer& client, double reserve, clock::time_point now) {
    nanoseconds connection_wait{};
    nanoseconds address_wait{};
    if (client.connection_pays)
        connection_wait = client.account->computing.waiting_time(connection_rate_, now, reserve);
    if (client.address_pays)
        address_wait = addresses_.waiting_time(client.account->address, address_rate_, now, reserve);
    if (connection_wait.count() == 0 && address_wait.count() == 0) [[likely]]
        return std::nullopt;
    if (connection_wait > address_wait)
        return refusal{limit::connection, connection_wait};
    return refusal{limit::address, address_wait};
}

bool client_budget::charge(const payer& client, clock::duration computed, clock::time_point now) {
    bool may_continue = true;
    if (client.connection_pays) {
        auto& bucket = client.account->computing;
        bucket.take(connection_rate_, computed, now);
        may_continue = bucket.left(connection_rate_, now) > -overdraft;
    }
    if (client.address_pays)
        may_continue = addresses_.take(client.account->address, address_rate_, computed, now) > -overdraft && may_continue;
    return may_continue;
}

bool client_budget::is_shared(http::address_group address) const noexcept {
    return std::ranges::any_of(shared_networks_, [address](const auto& network) { return network.contains(address); });
}

} // namespace atrium::graphql_http
