#include "document_cache.hpp"

#include <iterator>
#include <utility>

namespace atrium::graphql {
namespace {

/// An invalid document is kept only if its error response is not longer than this, in bytes. Responses to ordinary mistakes are
/// much shorter.
constexpr std::size_t max_refusal_bytes = 64U << 10U;

} // namespace

document_cache::entry document_cache::find(std::string_view text) {
    const std::lock_guard lock{mutex_};
    const auto known = by_text_.find(text);
    if (known == by_text_.end())
        return nullptr;
    by_use_.splice(by_use_.begin(), by_use_, known->second);
    return known->second->document;
}

void document_cache::keep(entry document) {
    const auto text = document->text();
    const auto memory = document->memory();
    const auto* fault = document->fault();
    if (max_documents_ == 0 || memory > max_memory_ || (fault && fault->body.size() > max_refusal_bytes))
        return;
    const std::lock_guard lock{mutex_};
    if (by_text_.contains(text))
        return;
    by_use_.push_front({std::move(document), memory});
    by_text_.emplace(text, by_use_.begin());
    memory_ += memory;
    forget_oldest();
}

void document_cache::measure(const entry& document) {
    const std::lock_guard lock{mutex_};
    const auto known = by_text_.find(document->text());
    if (known == by_text_.end() || known->second->document != document)
        return;
    const auto memory = document->memory();
    memory_ += memory - std::exchange(known->second->memory, memory);
    if (memory > max_memory_)
        forget(known->second);
    forget_oldest();
}

void document_cache::forget(position p) {
    memory_ -= p->memory;
    by_text_.erase(p->document->text());
    by_use_.erase(p);
}

/// Removes the least recently used documents until the others are within the limits.
void document_cache::forget_oldest() {
    while (by_use_.size() > max_documents_ || memory_ > max_memory_)
        forget(std::prev(by_use_.end()));
}

} // namespace atrium::graphql
