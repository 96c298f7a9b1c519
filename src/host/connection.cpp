#include <host/connection.hpp>
#include <http/input.hpp>

namespace atrium::host {
namespace {

/// How many; a fault where that is out of range.
std::optional<std::int64_t> read_count(const graphql::arguments& a, std::string_view name, std::vector<fault>& faults) {
    const auto count = a.get<std::optional<std::int64_t>>(name);
    if (count && (*count < 0 || *count > slice::longest))
        faults.push_back({std::string{name}, "must be 0 to " + std::to_string(slice::longest)});
    return count;
}

std::int64_t read_position(const graphql::arguments& a, std::string_view name, std::int64_t otherwise,
                           std::vector<fault>& faults) {
    const auto text = a.get<std::optional<std::string_view>>(name);
    if (!text)
        return otherwise;
    const auto position = http::from_cursor(*text);
    if (!position)
        faults.push_back({std::string{name}, "must be a cursor of such a page"});
    return position.value_or(otherwise);
}

} // namespace

result<slice> read_slice(const graphql::arguments& a) {
    std::vector<fault> faults;
    const auto first = read_count(a, "first", faults);
    const auto last = read_count(a, "last", faults);
    if (first && last)
        faults.push_back({"last", "must not come with first"});
    slice wanted;
    wanted.after = read_position(a, "after", wanted.after, faults);
    wanted.before = read_position(a, "before", wanted.before, faults);
    wanted.from_end = last.has_value();
    wanted.limit = first.value_or(last.value_or(wanted.limit));
    if (!faults.empty())
        return error{.code = errc::invalid, .detail = "the page cannot be understood", .faults = std::move(faults)};
    return wanted;
}

std::string cursor_of(std::int64_t id) {
    return http::to_cursor(id);
}

void add_page_info(graphql::schema_builder& to) {
    auto info = to.object<page_info>("PageInfo", "What lies around a page.");
    info.field("hasNextPage: Boolean!", &page_info::has_next_page);
    info.field("hasPreviousPage: Boolean!", &page_info::has_previous_page);
    info.field("startCursor: String", &page_info::start_cursor);
    info.field("endCursor: String", &page_info::end_cursor);
}

} // namespace atrium::host
