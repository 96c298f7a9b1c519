#pragma once

#include "language/locator.hpp"
#include "types/suggestions.hpp"

#include <graphql/document.hpp>
#include <graphql/located_error.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace atrium::graphql {

/// Collects the errors that rules find in one document, in order. The document must outlive the log. Used by one thread.
class error_log {
public:
    /// After `limit` errors, one more error reports that there are too many, and further ones are dropped.
    /// @param suggests_names false if messages must not mention names of the schema, because it is hidden
    explicit error_log(const document& d, std::size_t limit = std::numeric_limits<std::size_t>::max(),
                       bool suggests_names = true)
        : document_{&d}, limit_{limit}, suggests_names_{suggests_names} {}

    /// Adds an error with locations at these byte offsets of the source. An error about the whole document has no locations.
    void add(std::string message, std::span<const std::uint32_t> places) {
        if (is_full())
            return;
        if (errors_.size() == limit_)
            return abort("Too many validation errors, error limit reached. Validation aborted.");
        if (!locator_)
            locator_.emplace(document_->source());
        auto& error = errors_.emplace_back(located_error{std::move(message)});
        for (const auto place : places)
            error.locations.push_back(locator_->locate(place));
    }
    void add(std::string message, std::initializer_list<std::uint32_t> places) {
        add(std::move(message), std::span{places.begin(), places.size()});
    }
    void add(std::string message, const ast::node& node) { add(std::move(message), {node.begin}); }
    void add(std::string message, const ast::name& name) { add(std::move(message), {name.begin}); }

    /// Adds a last error about the whole document, even beyond the limit. Then the log is full.
    void abort(std::string message) {
        if (is_full())
            return;
        is_full_ = true;
        errors_.push_back({std::move(message)});
    }

    /// The result of `did_you_mean`, to be appended to a sentence; empty if the schema is hidden.
    template <class... Arguments>
    [[nodiscard]] std::string suggestion(const Arguments&... arguments) const {
        return suggests_names_ ? did_you_mean(arguments...) : std::string{};
    }

    /// Whether further errors would be dropped, so that a walk may stop.
    [[nodiscard]] bool is_full() const noexcept { return is_full_; }
    [[nodiscard]] bool empty() const noexcept { return errors_.empty(); }

    [[nodiscard]] located_errors take() noexcept { return std::move(errors_); }

private:
    const document* document_;
    std::size_t limit_;
    bool suggests_names_;
    bool is_full_ = false;
    located_errors errors_{};
    std::optional<locator> locator_{}; // created with the first error; fast even if an error has very many locations
};

} // namespace atrium::graphql
