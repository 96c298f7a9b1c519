#include "remote_directory.hpp"

#include <base/ids.hpp>
#include <entity/json_list.hpp>
#include <http/response.hpp>
#include <resource/list_input.hpp>

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <unordered_map>

namespace atrium::users {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t max_name_size = 400;   // in bytes: a name has at most 100 characters of at most 4 bytes
constexpr std::size_t max_ids_length = 4000; // in characters: by default, servers accept targets of at least 8 KiB

error no_such_user() {
    return {.code = errc::not_found, .detail = "there is no such user"};
}

/// The fields of a summary. Placing an order needs no other field, so it works even if another version of users does not show
/// the others.
const entity::field_set& summary_fields() {
    static const entity::field_set fields = [] {
        entity::field_set set;
        for (const auto* name : {"id", "username", "revision"})
            set.set(account_entity.index_of(name));
        return set;
    }();
    return fields;
}

user_summary summary_of(account a) {
    return {.id = a.id, .username = std::move(a.username), .revision = a.revision};
}

std::chrono::seconds retry_after(const http::client_response& answer) {
    const auto seconds = parse_id(answer.header("Retry-After"));
    return seconds ? std::chrono::seconds{std::min<std::int64_t>(*seconds, 3600)} : 1s;
}

/// Removes ids from the front of `rest`, at most as many as fit into one request, and returns them as text: "1,2,3". Leaves out
/// ids that no user can have.
std::string take_ids_of_request(std::span<const user_id>& rest) {
    std::string part;
    std::size_t count = 0;
    while (!rest.empty() && count < resource::max_ids && part.size() < max_ids_length) {
        const auto id = rest.front().value;
        rest = rest.subspan(1);
        if (id <= 0) // no user has this id, and /users/ would refuse the whole request
            continue;
        part.append(part.empty() ? "" : ",").append(std::to_string(id));
        ++count;
    }
    return part;
}

} // namespace

awaitable<result<user_summary>> remote_directory::find_user_by_name(std::string_view username, const call& caller) {
    if (username.size() > max_name_size || username.find('\0') != std::string_view::npos)
        co_return no_such_user();
    const auto encoded = boost::urls::encode(username, boost::urls::unreserved_chars);
    auto matches = co_await list("username=" + encoded + "&limit=1", summary_fields(), caller);
    if (!matches)
        co_return matches.error();
    if (matches->empty())
        co_return no_such_user();
    co_return summary_of(std::move(matches->front()));
}

awaitable<result<std::vector<std::optional<user_summary>>>> remote_directory::find_users(std::span<const user_id> ids,
                                                                                         const call& caller) {
    auto accounts = co_await find_all(ids, summary_fields(), caller);
    if (!accounts)
        co_return accounts.error();
    std::vector<std::optional<user_summary>> summaries;
    summaries.reserve(accounts->size());
    for (auto& user : *accounts)
        summaries.push_back(user ? std::optional{summary_of(*std::move(user))} : std::nullopt);
    co_return summaries;
}

awaitable<result<std::vector<std::optional<account>>>>
remote_directory::find_all(std::span<const user_id> ids, entity::field_set fields, const call& caller) {
    fields |= summary_fields();
    std::unordered_map<std::int64_t, account> accounts_by_id;
    for (auto rest = ids; !rest.empty();) {
        const auto part = take_ids_of_request(rest);
        if (part.empty())
            break;
        auto users = co_await list("ids=" + part, fields, caller);
        if (!users)
            co_return users.error();
        for (auto& user : *users)
            accounts_by_id.emplace(user.id.value, std::move(user));
    }

    std::vector<std::optional<account>> accounts;
    accounts.reserve(ids.size());
    for (const auto id : ids) {
        const auto found = accounts_by_id.find(id.value);
        accounts.push_back(found == accounts_by_id.end() ? std::nullopt : std::optional{found->second});
    }
    co_return accounts;
}

awaitable<result<std::vector<account>>> remote_directory::list(std::string query, entity::field_set fields,
                                                               const call& caller) {
    std::array<http::field, 4> headers{{{"Accept", "application/json"}}};
    std::size_t count = 1;
    if (!caller.traceparent.empty())
        headers[count++] = {"traceparent", caller.traceparent};
    if (!caller.request_id.empty())
        headers[count++] = {"X-Request-Id", caller.request_id};

    if (!authorization_.empty())
        headers[count++] = {"Authorization", authorization_};

    const auto target = "/users/?" + query;
    const auto answer = co_await users_.get(target, std::span{headers}.first(count), caller.deadline);
    if (!answer)
        co_return answer.error();
    const http::status status{answer->status};
    if (status == http::status::service_unavailable)
        co_return error{.code = errc::unavailable,
                        .detail = "the users service cannot answer now; nothing was changed",
                        .retry_after = retry_after(*answer)};
    if (status == http::status::unauthorized || status == http::status::forbidden)
        co_return report_refusal(static_cast<unsigned>(status));
    if (status != http::status::ok)
        co_return report_unusable("status " + std::to_string(answer->status));
    auto accounts = entity::read_json_list(account_entity, fields, answer->body);
    if (!accounts)
        co_return report_unusable("a body that is not a list of users: " + accounts.error().detail);
    co_return *std::move(accounts);
}

/// Logs that the other process does not accept the token, and returns the error for it.
error remote_directory::report_refusal(unsigned status) const {
    log_.error(
        "the users service refused this process; set a token with the scope users:read in the setting users_token, next to " +
            url_setting_,
        {{"url", users_.url().text}, {"status", status}});
    return {
        .code = errc::unavailable, .detail = "the users service refused this server; nothing was changed", .retry_after = 1s};
}

/// Logs a response that cannot be used and returns the error for it. The other server is probably not an Atrium, or it is an
/// Atrium of another version.
error remote_directory::report_unusable(std::string_view answer) const {
    log_.error("the users service gave an answer that cannot be used; is " + url_setting_ + " the URL of an Atrium with users?",
               {{"url", users_.url().text}, {"answer", answer}});
    return {.code = errc::unavailable,
            .detail = "the users service gave an answer that cannot be used; nothing was changed",
            .retry_after = 1s};
}

} // namespace atrium::users
