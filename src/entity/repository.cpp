#include <entity/repository.hpp>

namespace atrium::entity {
namespace {

constexpr std::size_t usual_size =
    20 * 1024; // in bytes: enough for a usual page of 100 rows, so that memory is allocated only once

} // namespace

json_page list_json(const statements& sql, const json_form& form, storage::snapshot& s, const list_query& query) {
    const auto columns = sql.columns_of(query, sql.description().shown());
    auto larger_query = query;
    ++larger_query.limit; // one extra row shows whether there are more rows than the page
    json_page page;
    page.array.reserve(usual_size);
    json_writer out{page.array};
    out.begin_array();
    std::int64_t remaining_rows = query.limit;
    std::optional<position> last;
    auto stop_position = sql.list(s, larger_query, columns, [&](const storage::cursor& row, std::size_t part) {
        if (remaining_rows == 0) {
            page.next = std::move(last);
            return false;
        }
        if (--remaining_rows == 0)
            last = sql.position_of(query, columns, row, part);
        form.write(out, row);
        return true;
    });
    out.end_array();
    if (stop_position)
        page.next = std::move(stop_position);
    return page;
}

} // namespace atrium::entity
