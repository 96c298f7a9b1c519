#include <entity/repository.hpp>

namespace atrium::entity {
namespace {

constexpr std::size_t usual_size = 20 * 1024; // bytes of a page of 100 rows, so that it grows once instead of a dozen times

} // namespace

json_page list_json(const statements& sql, const json_form& form, storage::snapshot& s, const list_query& query) {
    const auto columns = sql.columns_of(query, sql.description().shown());
    auto one_more = query;
    ++one_more.limit;
    json_page page;
    page.array.reserve(usual_size);
    json_writer out{page.array};
    out.begin_array();
    std::int64_t left = query.limit;
    std::optional<position> last;
    auto stopped = sql.list(s, one_more, columns, [&](const storage::cursor& row, std::size_t part) {
        if (left == 0) {
            page.next = std::move(last);
            return false;
        }
        if (--left == 0)
            last = sql.position_of(query, columns, row, part);
        form.write(out, row);
        return true;
    });
    out.end_array();
    if (stopped)
        page.next = std::move(stopped);
    return page;
}

} // namespace atrium::entity
