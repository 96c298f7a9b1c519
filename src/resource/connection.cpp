#include <resource/connection.hpp>

namespace atrium::resource {

void add_page_info(graphql::schema_builder& builder) {
    auto info =
        builder.object<page_info>("PageInfo", "Whether there are rows before and after a page, and the cursors of its ends.");
    info.field("hasNextPage: Boolean!", &page_info::has_next_page);
    info.field("hasPreviousPage: Boolean!", &page_info::has_previous_page);
    info.field("startCursor: String", &page_info::start_cursor);
    info.field("endCursor: String", &page_info::end_cursor);
}

} // namespace atrium::resource
