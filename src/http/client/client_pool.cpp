#include "client/client_pool.hpp"

#include <algorithm>
#include <utility>

namespace atrium::http {

using std::chrono::steady_clock;

client_pool& client_pool::of(const executor& own_executor) {
    return asio::use_service<client_pool>(own_executor.context());
}

std::shared_ptr<client_connection> client_pool::take(std::uint64_t owner, std::chrono::milliseconds max_idle) {
    const auto too_old = steady_clock::now() - max_idle;
    std::erase_if(idle_, [&](const auto& each) { return each.owner == owner && each.idle_since < too_old; });
    for (auto i = idle_.size(); i-- > 0;) {
        if (idle_[i].owner != owner)
            continue;
        auto connection = std::move(idle_[i].connection);
        idle_.erase(idle_.begin() + static_cast<std::ptrdiff_t>(i));
        if (connection->looks_alive())
            return connection;
    }
    return nullptr;
}

void client_pool::keep(std::uint64_t owner, std::shared_ptr<client_connection> connection, std::size_t max_count) {
    const auto is_of_owner = [&](const auto& each) { return each.owner == owner; };
    idle_.push_back({owner, steady_clock::now(), std::move(connection)});
    if (static_cast<std::size_t>(std::count_if(idle_.begin(), idle_.end(), is_of_owner)) > max_count)
        idle_.erase(std::find_if(idle_.begin(), idle_.end(), is_of_owner));
}

void client_pool::drop(std::uint64_t owner) {
    std::erase_if(idle_, [&](const auto& each) { return each.owner == owner; });
}

} // namespace atrium::http
