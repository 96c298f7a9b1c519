#pragma once

#include "levels.hpp"
#include "operation_state.hpp"
#include "plan.hpp"

#include <graphql/engine.hpp>

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace atrium::graphql {

/// The error message for a batch whose responses together are longer than `max_bytes` bytes.
[[nodiscard]] std::string responses_too_long(std::size_t max_bytes);

/// Writes the response's JSON text in one pass, field by field in the order of the selection, directly from columns and rows.
/// If a non-null value is missing, the text is cut back to the beginning of the nearest nullable value around it
/// (specification, section 6.4.4), and the rest of that value is skipped. Errors are reported in the order of the selection, as
/// graphql-js reports those of resolvers that do not wait.
class response_writer {
public:
    /// @param max_bytes maximum length of the response in bytes; 0 means no limit. A longer response is aborted, and its `data`
    /// is null.
    /// @param used_bytes how many of these bytes the previous responses of the batch have used
    explicit response_writer(operation_state& r, std::size_t max_bytes = 0, std::size_t used_bytes = 0);
    ~response_writer();
    response_writer(const response_writer&) = delete;
    response_writer& operator=(const response_writer&) = delete;

    /// Begins the next field of the root, after the previous one is complete. `root` must outlive the writer.
    void begin_root_field(const level& root, const field_plan& f);
    /// Writes a portion of the field. Returns true when the field is complete; until then the caller may yield before it calls
    /// again.
    [[nodiscard]] bool write_portion();
    /// False if a root field has made `data` null; then no further field may be written.
    [[nodiscard]] bool has_data() const noexcept { return has_data_; }

    /// Makes `data` null for a reason that does not belong to a single field.
    void fail(const planned_error& e);

    [[nodiscard]] response finish() &&;

    /// Called instead of all functions above. Returns a response without `data`, because the root field's event source could
    /// not be opened or has failed.
    [[nodiscard]] response refuse(const field_plan& f, const error& failure) &&;
    [[nodiscard]] response refuse(const field_plan& f, engine_error failure) &&;

private:
    class value_view;
    class row_value;
    /// One row of an object type, and its fields that are to be written.
    struct row_view {
        const selection_plan* plan;
        const void* row;
        const level* rows; ///< the level that contains the row; null only if no selected field has a column
        std::size_t index; ///< the index of the row in the level
    };
    /// An object whose fields are being written. Small objects are written completely; large ones stay open between portions.
    struct open_object {
        row_view object{};
        std::size_t depth = 0; ///< the depth of the path to the object
        const field_plan* next = nullptr;
        const field_plan* past_last = nullptr;
        bool may_stay_open = false; ///< whether the object may stay open between portions
        std::size_t begin = 0;      ///< the position in the text at which the value of the most recent field begins

        static constexpr bool is_list = false;
        [[nodiscard]] bool is_at_first() const { return next == object.plan->fields.data(); }
        [[nodiscard]] bool is_at_end() const { return next == past_last; }
        [[nodiscard]] const type& type_of_part() const { return *next[-1].definition->type; }
    };
    struct open_list;
    using path_step = std::variant<const field_plan*, std::size_t>;
    enum class progress {
        open, ///< the value, or a value inside it, is still open
        complete,
        missing, ///< there is no value: an error explains why, or the response is too long
    };

    progress write_field(open_object& parent, const field_plan& f);
    progress write_value(const row_view& p, const field_plan& f);
    progress write_immediate(const row_view& p, const field_plan& f);
    progress write_member(const void* value, const field_plan& f);
    progress write_returned(const void* input, const field_plan& f);
    progress write_object(const row_view& p);
    progress complete(const value_view& value, const field_plan& f, const type& t);
    progress write_content(const row_view& content, const field_plan& f, std::uint8_t set);
    progress write_list(const value_view& list, const field_plan& f, const type& item_type);
    progress write_leaf(const field_plan& f, const detail::value_binding& binding, const void* value);

    progress write_part(open_object& object) { return write_field(object, *object.next++); }
    progress write_part(open_list& list);
    template <class Value>
    progress write_parts(Value& value);
    template <class Value>
    [[nodiscard]] bool end_part(Value& value, progress written);
    template <class Value>
    progress continue_value(Value& value);
    template <class Value>
    progress begin_value(Value v, bool is_large);

    /// False once the response is too long; then all values up to the root count as missing.
    [[nodiscard]] bool is_within_limit() noexcept {
        is_too_long_ = is_too_long_ || out_.size() > max_size_;
        return !is_too_long_;
    }
    [[nodiscard]] bool is_portion_full() noexcept { return remaining_parts_-- <= 0 || out_.size() > portion_end_; }

    template <class Failure>
    response refuse_for(const field_plan& f, const Failure& failure);
    void raise(const field_plan& f, std::string_view message, std::string_view code);
    void raise(const field_plan& f, const error& e);
    void raise(const field_plan& f, engine_error t);
    void raise(const planned_error& e, std::string_view code);
    void add(error_entry entry);

    operation_state& operation_;
    std::string out_;
    error_list errors_;
    std::string leaf_fault_; ///< why a scalar or an enum cannot be written; a member, so that its memory is reused
    std::vector<path_step> path_;
    open_object root_;
    std::list<std::variant<open_object, open_list>>
        open_values_;                             ///< the open values inside the root, from the outermost to the innermost
    progress last_progress_ = progress::complete; ///< the progress of the value that was written last
    bool may_keep_open_ = false;                  ///< false for values that must be written completely
    int remaining_parts_ = 0;                     ///< how many more parts this portion may have
    std::size_t portion_end_ = 0;                 ///< the size of `out_` at which the portion is full
    std::size_t max_bytes_;
    std::size_t used_bytes_;
    std::size_t max_size_; ///< the maximum size of `out_`
    bool has_data_ = true;
    bool is_first_ = true;
    bool is_too_long_ = false;
};

} // namespace atrium::graphql
