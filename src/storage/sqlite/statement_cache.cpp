#include "sqlite/statement_cache.hpp"

namespace atrium::storage::sqlite {

cached_statement& statement_cache::take(connection& connection, std::string_view owner, std::string_view sql) {
    if (const auto known = by_text_.find({owner, sql}); known != by_text_.end()) {
        by_use_.splice(by_use_.begin(), by_use_, known->second);
    } else {
        by_use_.emplace_front(connection, owner, sql);
        const auto& created = by_use_.front();
        try {
            by_text_.emplace(key{created.owner, created.sql}, by_use_.begin());
        } catch (...) {
            by_use_.pop_front(); // otherwise the entry could not be found, and evicting it later would remove another entry
                                 // from the index
            throw;
        }
    }
    auto& statement = by_use_.front().statement;
    statement.take();
    forget_oldest();
    return statement;
}

void statement_cache::clear() noexcept {
    by_text_.clear();
    by_use_.clear();
}

/// Evicts statements that are not in use, least recently used first, until the cache is within its limit.
void statement_cache::forget_oldest() {
    for (auto oldest = by_use_.end(); by_use_.size() > max_size && oldest != by_use_.begin();) {
        --oldest;
        if (oldest->statement.is_in_use()) // such as the statement that was just taken
            continue;
        by_text_.erase({oldest->owner, oldest->sql});
        oldest = by_use_.erase(oldest);
    }
}

} // namespace atrium::storage::sqlite
