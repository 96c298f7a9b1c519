#pragma once

#include "levels.hpp"
#include "plan.hpp"
#include "running.hpp"

#include <graphql/engine.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace atrium::graphql {

/// The error of a batch whose responses have more than `most` bytes.
[[nodiscard]] std::string responses_too_long(std::size_t most);

/// Writes the response's JSON text in one pass, field by field in the order of the selection, straight from columns and rows.
/// Where a value that cannot be null is missing, the text is cut back to where the nearest value that can be null began
/// (specification, section 6.4.4), and nothing of what stood there is looked at any further. So errors come in the order in
/// which graphql-js reports those of resolvers that do not wait.
class response_writer {
public:
    /// @param most bytes that the response may have; 0: any number. Beyond them nothing more is written, and `data` is null.
    /// @param used bytes of them that the responses before it in a batch have
    explicit response_writer(running& r, std::size_t most = 0, std::size_t used = 0);

    /// The root's fields, one by one; false: `data` is null and nothing more is to be written.
    [[nodiscard]] bool write_root_field(const level& root, const field_plan& f);

    /// There is no `data`, for a reason that concerns no single field.
    void fail(const planned_error& e);

    [[nodiscard]] response finish() &&;

    /// Instead of all that: a response without `data`, because the root field has no source of events.
    [[nodiscard]] response refuse(const field_plan& f, const error& why) &&;
    [[nodiscard]] response refuse(const field_plan& f, trouble why) &&;

private:
    class value_view;
    class row_value;
    struct place { ///< one row
        const selection_plan* plan;
        const void* row;
        const level* at; ///< null where nothing of what is selected has a column
        std::size_t index;
    };
    using step = std::variant<const field_plan*, std::size_t>;

    bool write_field(const place& p, const field_plan& f);
    bool write_value(const place& p, const field_plan& f);
    bool write_seen(const place& p, const field_plan& f);
    bool write_member(const void* value, const field_plan& f);
    bool write_returned(const void* row, const field_plan& f);
    bool write_object(const place& p);
    bool complete(const value_view& value, const field_plan& f, const type& t);
    bool write_content(const place& content, const field_plan& f, std::uint8_t set);
    bool complete_list(const value_view& list, const field_plan& f, const type& item_type);
    bool write_leaf(const field_plan& f, const detail::value_binding& binding, const void* value);

    [[nodiscard]] bool has_room();

    template <class Why>
    response refuse_for(const field_plan& f, const Why& why);
    void raise(const field_plan& f, std::string_view message, std::string_view code);
    void raise(const field_plan& f, const error& e);
    void raise(const field_plan& f, trouble t);
    void raise(const planned_error& e, std::string_view code);
    void add(error_entry entry);

    running& running_;
    std::string out_;
    error_list errors_;
    std::string why_; // of scalars that cannot be written; kept for its memory
    std::vector<step> path_;
    std::size_t most_;
    std::size_t used_;
    bool has_data_ = true;
    bool is_first_ = true;
    bool is_too_long_ = false;
};

} // namespace atrium::graphql
