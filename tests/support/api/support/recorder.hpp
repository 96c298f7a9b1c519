#pragma once

#include <support/requester.hpp>

#include <string_view>

namespace atrium::support {

/// Appends a request and its response to a file in the folder $ATRIUM_RECORDINGS, as a line of JSON. Each process has a file of
/// its own. tests/api_description compares the requests and responses in all these files with the description of the API. Does
/// nothing if the variable is not set.
void record_exchange(std::string_view method, std::string_view target, std::string_view body, const headers& request_headers,
                     const reply& response);

} // namespace atrium::support
