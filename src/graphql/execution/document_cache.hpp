#pragma once

#include "prepared_document.hpp"

#include <atomic>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

namespace atrium::graphql {

/// The most recently used documents, found by their text. Can be used on any thread.
class document_cache {
public:
    using entry = std::shared_ptr<const prepared_document>;

    /// If `max_documents` is 0, nothing is cached. `max_memory` is in bytes, for all documents together.
    document_cache(std::size_t max_documents, std::size_t max_memory)
        : max_documents_{max_documents}, max_memory_{max_memory} {}

    /// Null if there is no such document in the cache.
    [[nodiscard]] entry find(std::string_view text);

    /// Keeps a document, and removes the least recently used ones if necessary. If two threads add the same text, the first
    /// document stays. An invalid document with a very long list of errors is not kept.
    void keep(entry document);

    /// Measures the memory of a document again after it has become larger. Does nothing for a document that is not in the
    /// cache.
    void measure(const entry& document);

    /// Bytes of all documents in the cache.
    [[nodiscard]] std::size_t memory() const noexcept { return memory_; }

private:
    struct cached_document {
        entry document;
        std::size_t memory; ///< the size at the last measurement
    };
    using position = std::list<cached_document>::iterator;

    void forget(position p);
    void forget_oldest();

    const std::size_t max_documents_;
    const std::size_t max_memory_;

    std::mutex mutex_;
    std::list<cached_document> by_use_;                      // most recently used first
    std::unordered_map<std::string_view, position> by_text_; // the keys are views of the documents' own texts
    std::atomic<std::size_t> memory_ = 0; // the memory of all documents, as last measured; read without the mutex
};

} // namespace atrium::graphql
