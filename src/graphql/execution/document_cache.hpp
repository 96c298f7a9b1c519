#pragma once

#include "prepared_document.hpp"

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
    /// @param bytes of their texts together
    document_cache(std::size_t documents, std::size_t bytes) : most_documents_{documents}, most_bytes_{bytes} {}

    /// Null where it is not here.
    [[nodiscard]] entry find(std::string_view text);

    /// Keeps a document, and forgets those that were not used for the longest time. Where two threads bring the same text, the
    /// first one's stays.
    void keep(entry document);

private:
    void forget_oldest();

    const std::size_t most_documents_;
    const std::size_t most_bytes_;

    std::mutex mutex_;
    std::list<entry> by_use_;                                                  // the last one used first
    std::unordered_map<std::string_view, std::list<entry>::iterator> by_text_; // views of the documents' own texts
    std::size_t bytes_ = 0;
};

} // namespace atrium::graphql
