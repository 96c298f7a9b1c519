#pragma once

#include "topology.hpp"

#include <optional>
#include <string>

namespace atrium::events::rabbitmq {

/// A queue that is given up for another. The arguments of a queue cannot change: one that has a delivery limit is emptied into
/// a new one without, which at last gets the old name in the same way.
///
/// `to` is bound before two marks go through `from`, the second one after every message that was routed before that binding has
/// reached `from`. What comes out of `from` behind the second mark is therefore in `to` as well, and in the same order: `from`
/// is read up to that mark and deleted with the rest, then `to` is read. An event that is in both has one id and is taken in
/// once. If a process dies in between, the next one finds the two queues and goes on.
struct queue_move {
    std::string from;
    std::string to;
};

/// The queue that stands in for `queue` while that is declared anew.
[[nodiscard]] std::string interim_name(std::string_view queue);

/// The move that is due for a queue that has just been declared, with `to` declared and bound; empty if it is as it should be
/// and alone. `is_limited` as that declaration reported it. Throws `broker_error`.
[[nodiscard]] std::optional<queue_move> find_move(broker_connection& c, const topology& all, const std::string& queue,
                                                  bool is_limited);

/// Whether another process has not finished it meanwhile. Throws `broker_error`.
[[nodiscard]] bool is_still_due(broker_connection& c, const queue_move& move);

} // namespace atrium::events::rabbitmq
