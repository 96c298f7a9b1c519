#include "sqlite/statement_cache.hpp"

#include <algorithm>
#include <iterator>

namespace atrium::storage::sqlite {

cached_statement& statement_cache::take(connection& on, std::string_view owner, std::string_view sql) {
    if (const auto known = by_text_.find({owner, sql}); known != by_text_.end()) {
        by_use_.splice(by_use_.begin(), by_use_, known->second);
    } else {
        by_use_.emplace_front(on, owner, sql);
        const auto& made = by_use_.front();
        by_text_.emplace(key{made.owner, made.sql}, by_use_.begin());
    }
    auto& statement = by_use_.front().statement;
    statement.take();
    if (by_use_.size() > most)
        forget_oldest();
    return statement;
}

void statement_cache::clear() noexcept {
    by_text_.clear();
    by_use_.clear();
}

/// Among those that nobody uses; the one just taken is in use.
void statement_cache::forget_oldest() {
    const auto oldest = std::find_if(by_use_.rbegin(), by_use_.rend(), [](const entry& e) { return !e.statement.is_in_use(); });
    if (oldest == by_use_.rend())
        return;
    by_text_.erase({oldest->owner, oldest->sql});
    by_use_.erase(std::next(oldest).base());
}

} // namespace atrium::storage::sqlite
