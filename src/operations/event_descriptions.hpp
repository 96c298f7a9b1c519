#pragma once

#include <http/operation.hpp>

#include <string>
#include <string_view>
#include <vector>

/// Describes the requests and responses of the routes under /events/. `event_json` writes the bodies, and `event_requests`
/// reads the input.
namespace atrium::operations {

/// The schemas to which the descriptions below refer. The description of one route contains them all.
[[nodiscard]] std::vector<http::named_schema> event_schemas();

/// Describes a GET of a list whose items have this schema.
[[nodiscard]] http::operation describe_list(std::string id, std::string_view schema,
                                            std::vector<http::parameter> parameters = {});

// The parameters of lists.
[[nodiscard]] std::vector<http::parameter> page_parameters(); ///< the parameters of a list without filters
[[nodiscard]] std::vector<http::parameter> event_filters();
[[nodiscard]] std::vector<http::parameter> dead_letter_filters();
[[nodiscard]] std::vector<http::parameter> failure_group_filters();

/// Describes a request for a single object, whose id or name is in the path.
[[nodiscard]] http::operation describe_item(std::string id, std::string_view schema, http::parameter in_path);

/// Describes an action on many events or dead letters. Its response contains what was done, or a link to its progress.
[[nodiscard]] http::operation describe_bulk_action(std::string id, std::string_view request,
                                                   std::vector<http::parameter> in_path = {});

/// Describes an action that publishes an event.
[[nodiscard]] http::operation describe_publication(std::string id, std::string_view request,
                                                   std::vector<http::parameter> in_path = {});

/// Describes a request that pauses or resumes a subscription. The body of the request is optional, and the response is empty.
[[nodiscard]] http::operation describe_switch(std::string id);

[[nodiscard]] http::operation describe_stream();
[[nodiscard]] http::operation describe_drain();

[[nodiscard]] http::parameter subscription_name();
[[nodiscard]] http::parameter dead_letter_id();
[[nodiscard]] http::parameter event_seq();
[[nodiscard]] http::parameter operation_id();

} // namespace atrium::operations
