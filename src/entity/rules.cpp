#include <base/text.hpp>
#include <entity/rules.hpp>

namespace atrium::entity {

std::string input_rules::error_of(std::string_view text) const {
    if (length) {
        const auto characters = count_code_points(text);
        if (characters > length->max || characters < length->min)
            return length->min == 0
                       ? "must have at most " + std::to_string(length->max) + " characters"
                       : "must have " + std::to_string(length->min) + " to " + std::to_string(length->max) + " characters";
    }
    return check ? check->function(text) : std::string{};
}

} // namespace atrium::entity
