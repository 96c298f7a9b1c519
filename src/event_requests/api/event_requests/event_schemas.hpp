#pragma once

#include <base/error.hpp>
#include <entity/description.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::event_requests {

/// A topic that a module publishes.
struct published_topic {
    std::string topic;
    const entity::description* entity; ///< defines the data of its events; lives as long as the program
};

/// The topics that the modules publish, and the form of the data of their events. The data of an event that an operator
/// publishes must have this form, too. Never changes; any thread.
class event_schemas {
public:
    explicit event_schemas(std::vector<published_topic> topics) : topics_{std::move(topics)} {}

    [[nodiscard]] std::span<const published_topic> topics() const noexcept { return topics_; }
    [[nodiscard]] bool has(std::string_view topic) const noexcept { return find_entity(topic) != nullptr; }

    /// Checks the data of an event: each field must have its type. Only an optional field may be missing or null. There must be
    /// no other fields. `data` is the text of a JSON object. Errors: invalid, with a pointer such as "/data/user_id", or
    /// "/topic" if no module publishes the topic.
    [[nodiscard]] result<> check(std::string_view topic, std::string_view data) const;

    /// The key that the publishing module gives an event with this data, such as "user/1". Empty if the data has no id. Call it
    /// only for data that `check` has accepted.
    [[nodiscard]] std::string key_of(std::string_view topic, std::string_view data) const;

private:
    [[nodiscard]] const entity::description* find_entity(std::string_view topic) const noexcept;

    std::vector<published_topic> topics_;
};

} // namespace atrium::event_requests
