#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace atrium::http {

/// One header field of a request: views into the connection's buffer.
struct field {
    std::string_view name;
    std::string_view value; ///< without leading and trailing blanks
};

/// A request's header fields in the order of their arrival. Names compare without regard to ASCII case.
class fields {
public:
    void clear() noexcept { all_.clear(); }
    void add(field f) { all_.push_back(f); }
    [[nodiscard]] std::span<const field> all() const noexcept { return all_; }

    /// The first value of a field with this name; empty if there is none.
    [[nodiscard]] std::string_view get(std::string_view name) const noexcept;
    [[nodiscard]] bool has(std::string_view name) const noexcept;
    [[nodiscard]] std::size_t count(std::string_view name) const noexcept;

private:
    std::vector<field> all_;
};

} // namespace atrium::http
