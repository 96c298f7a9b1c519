#include "document_cache.hpp"

#include <utility>

namespace atrium::graphql {

document_cache::entry document_cache::find(std::string_view text) {
    const std::lock_guard lock{mutex_};
    const auto known = by_text_.find(text);
    if (known == by_text_.end())
        return nullptr;
    by_use_.splice(by_use_.begin(), by_use_, known->second);
    return *known->second;
}

void document_cache::keep(entry document) {
    const auto text = document->text();
    if (most_documents_ == 0 || text.size() > most_bytes_)
        return;
    const std::lock_guard lock{mutex_};
    if (by_text_.contains(text))
        return;
    by_use_.push_front(std::move(document));
    by_text_.emplace(text, by_use_.begin());
    bytes_ += text.size();
    while (by_use_.size() > most_documents_ || bytes_ > most_bytes_)
        forget_oldest();
}

void document_cache::forget_oldest() {
    const auto text = by_use_.back()->text();
    bytes_ -= text.size();
    by_text_.erase(text);
    by_use_.pop_back();
}

} // namespace atrium::graphql
