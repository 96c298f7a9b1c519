#pragma once

#include <base/json_writer.hpp>
#include <host/ids.hpp>
#include <host/page.hpp>
#include <host/slice.hpp>
#include <http/input.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What the lists of REST have in common: how a page of one is asked for, and how it is written.
namespace atrium::host {

inline constexpr std::size_t most_ids = 400; ///< that one request may name

/// What the parameters `limit`, `after` and `ids` mean; without a limit, a list of ids is one page. Faults are noted in `in`,
/// whose `finish` tells of them.
template <class Id>
[[nodiscard]] page_query<Id> read_page_query(http::query_fields& in) {
    page_query<Id> wanted;
    const auto limit = in.integer("limit", 1, slice::longest);
    wanted.slice.after = in.cursor("after").value_or(wanted.slice.after);
    if (const auto named = in.ids("ids", most_ids)) {
        std::vector<Id> ids;
        ids.reserve(named->size());
        for (const auto id : *named)
            ids.push_back(Id{id});
        wanted.ids = ascending(std::move(ids));
        wanted.slice.limit = std::max<std::int64_t>(1, static_cast<std::int64_t>(wanted.ids->size()));
    }
    wanted.slice.limit = limit.value_or(wanted.slice.limit);
    return wanted;
}

/// Writes the rows of a list as a JSON array: each by `write_json(json_writer&, const Row&)`, which the row's namespace has.
template <class Row>
class json_array final : public row_visitor<Row> {
public:
    void restart() override {
        text_.clear();
        text_.reserve(usual_size);
        writer_.emplace(text_);
        writer_->begin_array();
    }
    void visit(const Row& row) override { write_json(*writer_, row); }

    /// The whole array; call it once, after the list.
    [[nodiscard]] std::string finish() {
        writer_->end_array();
        return std::move(text_);
    }

private:
    static constexpr std::size_t usual_size = 20 * 1024; // of a page of 100: grown once instead of a dozen times

    std::string text_;
    std::optional<json_writer> writer_;
};

} // namespace atrium::host
