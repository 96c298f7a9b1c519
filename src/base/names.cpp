#include <base/names.hpp>

#include <utf8proc.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>

namespace atrium {
namespace {

using code_point = utf8proc_int32_t;

/// What a code point does in a name.
enum class role {
    base,     ///< visible on its own
    mark,     ///< visible as part of the preceding character
    blank,    ///< takes up space, but shows nothing
    selector, ///< selects a variant of the preceding character
    joiner,
    invisible,
    separator, ///< separates lines or paragraphs
    private_use,
    unassigned,
};

constexpr code_point zero_width_non_joiner = 0x200C;
constexpr code_point zero_width_joiner = 0x200D;

/// Unicode's property Variation_Selector, which utf8proc lacks. These are all of its code points.
bool is_variation_selector(code_point c) noexcept {
    return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF) || (c >= 0x180B && c <= 0x180D) || c == 0x180F;
}

/// BRAILLE PATTERN BLANK and MUSICAL SYMBOL NULL NOTEHEAD: by their category they are symbols, but their glyphs are empty.
bool is_empty_symbol(code_point c) noexcept {
    return c == 0x2800 || c == 0x1D159;
}

role role_by_category(const utf8proc_property_t& properties) noexcept {
    switch (properties.category) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME: return role::mark;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_CC: return role::blank; // the caller decides whether a name may have control characters
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return role::separator;
    case UTF8PROC_CATEGORY_CF: // a visible format character encloses those after it, as U+0600 ARABIC NUMBER SIGN does
        return properties.boundclass == UTF8PROC_BOUNDCLASS_PREPEND ? role::base : role::invisible;
    case UTF8PROC_CATEGORY_CO: return role::private_use;
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CN: return role::unassigned;
    default: return role::base;
    }
}

role role_of(code_point c) noexcept {
    if (c == zero_width_non_joiner || c == zero_width_joiner)
        return role::joiner;
    if (is_variation_selector(c))
        return role::selector;
    if (is_empty_symbol(c))
        return role::blank;
    const auto& properties = *utf8proc_get_property(c);
    return properties.ignorable ? role::invisible : role_by_category(properties);
}

/// "U+200B", in the notation of Unicode.
std::string notation_of(code_point c) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "U+%04X", static_cast<unsigned>(c));
    return text.data();
}

/// Reads a name from start to end.
class name_reader {
public:
    /// Reads the next code point. If the name is invalid up to this point, returns why, as the detail of a fault; otherwise an
    /// empty string.
    std::string read(code_point c) {
        const auto next = role_of(c);
        switch (next) {
        case role::invisible: return "must not contain " + notation_of(c) + ", which is invisible";
        case role::separator: return "must not contain " + notation_of(c) + ", which separates lines or paragraphs";
        case role::private_use: return "must not contain " + notation_of(c) + ", which is for private use";
        case role::unassigned:
            return "must not contain " + notation_of(c) + ", which Unicode " + utf8proc_unicode_version() + " does not assign";
        default: return read_allowed(c, next);
        }
    }

    /// Call it after the last code point. If the whole name is invalid, returns why; otherwise an empty string.
    [[nodiscard]] std::string finish() const {
        if (state_ == state::after_joiner)
            return fault_of_joiner(joiner_);
        return has_visible_ ? std::string{} : "must have a visible character";
    }

private:
    enum class state {
        nothing, ///< at the start or after a blank, which neither a joiner nor a selector can follow
        after_visible,
        after_selector,
        after_joiner,
    };

    std::string read_allowed(code_point c, role next) {
        if (next == role::selector && state_ != state::after_visible)
            return "can have " + notation_of(c) + " only after a visible character";
        if (next == role::joiner && state_ != state::after_visible && state_ != state::after_selector)
            return fault_of_joiner(c);
        if (next == role::blank && state_ == state::after_joiner)
            return fault_of_joiner(joiner_);

        has_visible_ = has_visible_ || next == role::base;
        if (next == role::joiner)
            joiner_ = c;
        state_ = state_after(next);
        return {};
    }

    [[nodiscard]] state state_after(role next) const noexcept {
        switch (next) {
        case role::base: return state::after_visible;
        case role::mark: return state_ == state::nothing ? state::nothing : state::after_visible;
        case role::selector: return state::after_selector;
        case role::joiner: return state::after_joiner;
        default: return state::nothing;
        }
    }

    static std::string fault_of_joiner(code_point c) {
        return "can have " + notation_of(c) + " only between two visible characters";
    }

    state state_ = state::nothing;
    code_point joiner_ = 0;
    bool has_visible_ = false;
};

} // namespace

std::string fault_of_name(std::string_view utf8) {
    name_reader reader;
    while (!utf8.empty()) {
        code_point c = 0;
        const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()),
                                             static_cast<utf8proc_ssize_t>(utf8.size()), &c);
        if (length <= 0)
            return "must be UTF-8";
        if (auto fault = reader.read(c); !fault.empty())
            return fault;
        utf8.remove_prefix(static_cast<std::size_t>(length));
    }
    return reader.finish();
}

} // namespace atrium
