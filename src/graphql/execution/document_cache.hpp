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

/// The documents that were used last, by their texts. Any thread.
class document_cache {
public:
    using entry = std::shared_ptr<const prepared_document>;

    /// @param documents at most so many; 0: none
    /// @param memory that they take together, in bytes
    document_cache(std::size_t documents, std::size_t memory) : most_documents_{documents}, most_memory_{memory} {}

    /// Null where it is not here.
    [[nodiscard]] entry find(std::string_view text);

    /// Keeps a document, and forgets those that were not used for the longest time. Where two threads bring the same text, the
    /// first one's stays. A faulty one with very much to say is not kept.
    void keep(entry document);

    /// To be told after a document has become larger; one that is not here is none of its business.
    void measure(const entry& document);

    /// Bytes of all documents here.
    [[nodiscard]] std::size_t memory() const noexcept { return memory_; }

private:
    struct kept {
        entry document;
        std::size_t memory; ///< when it was last measured
    };
    using place = std::list<kept>::iterator;

    void forget(place which);
    void forget_oldest();

    const std::size_t most_documents_;
    const std::size_t most_memory_;

    std::mutex mutex_;
    std::list<kept> by_use_;                              // the last one used first
    std::unordered_map<std::string_view, place> by_text_; // views of the documents' own texts
    std::atomic<std::size_t> memory_ = 0;                 // of all, as it was measured; read without the mutex
};

} // namespace atrium::graphql
