#pragma once

#include <support/catch.hpp>
#include <support/eventually.hpp>
#include <support/rabbitmq_broker.hpp>
#include <support/running_server.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace atrium::support {

/// Describes the events at these servers and at the broker between them, for the report of a failed test. The report has the
/// response of /readyz, the event metrics, the tables of the journal and the log of each server, and the queues of the broker
/// with their replicas. A server or broker that does not respond is reported as such.
[[nodiscard]] std::string describe_events(const std::vector<running_server*>& servers, rabbitmq_broker& broker,
                                          const std::string& vhost);

/// Like `eventually` in eventually.hpp, but a failure reports `awaited`, which is the condition as a statement, and the result
/// of `describe`.
template <class Condition, class Describe>
void eventually(const std::string& awaited, Condition condition, std::chrono::seconds time_limit, Describe describe) {
    if (!becomes_true(condition, time_limit))
        FAIL("within " << time_limit.count() << " seconds it did not become true that " << awaited << '\n' << describe());
    SUCCEED();
}

} // namespace atrium::support
