#include "response_writer.hpp"

#include <base/json_writer.hpp>

#include <algorithm>
#include <utility>

namespace atrium::graphql {
namespace {

constexpr std::string_view begin_of_response = "{\"data\":";

constexpr std::size_t max_values_at_once = 8 * 1024;  // a field or value with more inner values is written in portions
constexpr std::size_t max_portion_bytes = 64U << 10U; // a portion, which is written without interruption, ends beyond this size
constexpr int max_portion_parts = 512;                // or after this number of fields and list items of open values

/// Counts values, but stops when there are more than `max_values_at_once`.
class size_estimate {
public:
    [[nodiscard]] bool is_large() const noexcept { return values_ > max_values_at_once; }

    /// Counts the values of one field of a level, and all values below it.
    void add(const field_values& f) {
        values_ += f.column.items.size();
        for (const auto& set : f.column.sets)
            values_ += set->size();
        for (auto below = f.below.begin(); below != f.below.end() && !is_large(); ++below)
            if (below->plan)
                add(*below);
    }
    void add(const level& rows) {
        values_ += rows.size * rows.plan->fields.size();
        add_below(rows);
    }
    void add_below(const level& rows) {
        for (auto field = rows.columns.begin(); field != rows.columns.end() && !is_large(); ++field)
            add(*field);
    }

private:
    std::size_t values_ = 0;
};

bool is_large(const field_values& f) {
    size_estimate size;
    size.add(f);
    return size.is_large();
}

bool is_large_below(const level& rows) {
    size_estimate size;
    size.add_below(rows);
    return size.is_large();
}

} // namespace

/// A value to be written: either a C++ value or a cell of a column.
class response_writer::value_view {
public:
    value_view(const void* value, const value_type& type) : state_{type.state_of(value)}, type_{&type} {}
    value_view(const field_values& values, detail::cell cell) : values_{&values}, cell_{cell} {
        using kind = detail::cell::kind;
        switch (cell.content) {
        case kind::null: break;
        case kind::error:
        case kind::engine_error: state_.kind = value_kind::error; break;
        case kind::value: state_ = {value_kind::content, cell.set, 0, values.column.sets[cell.set]->at(cell.index)}; break;
        case kind::list_of_values:
        case kind::list_of_cells: state_ = {value_kind::list, 0, cell.size}; break;
        }
    }

    [[nodiscard]] value_kind kind() const noexcept { return state_.kind; }

    /// Only for an error: the engine's own error, or `none` if a resolver returned the error.
    [[nodiscard]] graphql::engine_error engine_error() const noexcept {
        return cell_.content == detail::cell::kind::engine_error ? static_cast<graphql::engine_error>(cell_.index)
                                                                 : graphql::engine_error::none;
    }
    [[nodiscard]] error failure() const {
        return values_ ? values_->column.errors[cell_.index] : state_.error_at(state_.address);
    }

    [[nodiscard]] std::uint8_t set() const noexcept { return state_.set; }
    [[nodiscard]] const void* content() const noexcept { return state_.address; }
    /// Only for a row: the level that contains it. Null if the row is not in a column; then none of its fields has a column.
    [[nodiscard]] const level* level_of_row() const { return values_ ? &values_->below[state_.set] : nullptr; }
    [[nodiscard]] std::size_t index() const noexcept { return cell_.index; } ///< the index of a row in `level_of_row()`

    [[nodiscard]] std::size_t size() const noexcept { return state_.size; }
    /// Whether this value may be large. Counts the values of its field in all rows of the level, and everything below them, so
    /// the value itself may be small.
    [[nodiscard]] bool may_be_large() const { return values_ && is_large(*values_); }
    [[nodiscard]] value_view item(std::size_t i) const {
        if (values_)
            return {*values_, values_->column.item_of(cell_, static_cast<std::uint32_t>(i))};
        return {type_->list->item(state_.address, i), *type_->list->items};
    }

private:
    value_state state_;
    const value_type* type_ = nullptr;     // the type of a C++ value
    const field_values* values_ = nullptr; // the values to which a cell belongs
    detail::cell cell_{};
};

struct response_writer::open_list {
    value_view list;
    const field_plan* field;
    const type* item_type;
    std::size_t depth;          ///< the depth of the path to the items
    bool may_stay_open = false; ///< whether the list may stay open between portions
    std::size_t next = 0;       ///< the index of the next item
    std::size_t begin = 0;      ///< the position in the text at which the most recent item begins

    static constexpr bool is_list = true;
    [[nodiscard]] bool is_at_first() const { return next == 0; }
    [[nodiscard]] bool is_at_end() const { return next == list.size(); }
    [[nodiscard]] const type& type_of_part() const { return *item_type; }
};

/// Writes the value that the function of a field returns for one row.
class response_writer::row_value final : public detail::value_receiver {
public:
    row_value(response_writer& w, const field_plan& f) : writer_{w}, field_{f} {}
    void receive(const void* value) override {
        result = writer_.complete({value, *field_.binding->resolver->type}, field_, *field_.definition->type);
    }

    progress result = progress::missing;

private:
    response_writer& writer_;
    const field_plan& field_;
};

std::string responses_too_long(std::size_t max_bytes) {
    return "The batch's responses are longer than " + std::to_string(max_bytes) + " bytes. Send fewer requests in one batch.";
}

response_writer::response_writer(operation_state& r, std::size_t max_bytes, std::size_t used_bytes)
    : operation_{r}, out_{begin_of_response}, max_bytes_{max_bytes}, used_bytes_{used_bytes},
      max_size_{max_bytes > 0 ? max_bytes - std::min(used_bytes, max_bytes) : static_cast<std::size_t>(-1)} {
    out_ += '{';
}

response_writer::~response_writer() = default;

void response_writer::begin_root_field(const level& root, const field_plan& f) {
    if (!std::exchange(is_first_, false))
        out_ += ',';
    may_keep_open_ = f.column && is_large(root.columns[*f.column]);
    root_.object = {root.plan, root.rows, &root, 0};
    root_.next = &f + 1;
    last_progress_ = write_field(root_, f);
}

bool response_writer::write_portion() {
    remaining_parts_ = max_portion_parts;
    portion_end_ = out_.size() + max_portion_bytes;
    while (!open_values_.empty()) {
        if (last_progress_ == progress::open && is_portion_full())
            return false;
        last_progress_ = std::visit([this](auto& inner) { return continue_value(inner); }, open_values_.back());
        if (last_progress_ != progress::open)
            open_values_.pop_back();
    }
    has_data_ = end_part(root_, last_progress_);
    return true;
}

/// Continues the innermost open value. If one of its parts (a field or an item) has just been written, ends that part first.
template <class Value>
response_writer::progress response_writer::continue_value(Value& value) {
    if (last_progress_ != progress::open && !end_part(value, last_progress_))
        return progress::missing;
    return write_parts(value);
}

void response_writer::fail(const planned_error& e) {
    raise(e, code::input);
    has_data_ = false;
}

response response_writer::finish() && {
    if (has_data_)
        out_ += "}}";
    if (!is_within_limit()) {
        errors_ = {}; // drops the errors of fields that are not in the response
        path_.clear();
        const auto message = used_bytes_ > 0 ? responses_too_long(max_bytes_)
                                             : "The response is longer than " + std::to_string(max_bytes_) +
                                                   " bytes. Ask for shorter pages or fewer fields.";
        add({.message = message, .code = code::limit});
        has_data_ = false;
    }
    if (!has_data_) {
        out_.resize(begin_of_response.size());
        out_ += "null}";
    }
    const bool has_errors = !errors_.empty();
    if (has_errors)
        out_.insert(1, "\"errors\":" + std::move(errors_).finish() + ',');
    return {std::move(out_), has_errors, has_data_};
}

response response_writer::refuse(const field_plan& f, const error& failure) && {
    return refuse_for(f, failure);
}

response response_writer::refuse(const field_plan& f, engine_error failure) && {
    return refuse_for(f, failure);
}

template <class Failure>
response response_writer::refuse_for(const field_plan& f, const Failure& failure) {
    path_.emplace_back(&f);
    raise(f, failure);
    return {"{\"errors\":" + std::move(errors_).finish() + '}', true, false};
}

response_writer::progress response_writer::write_field(open_object& parent, const field_plan& f) {
    if (!is_within_limit())
        return progress::missing;
    out_ += f.quoted_key;
    parent.begin = out_.size();
    path_.emplace_back(&f);
    return write_value(parent.object, f);
}

response_writer::progress response_writer::write_value(const row_view& p, const field_plan& f) {
    if (f.column) {
        const auto& values = p.rows->columns[*f.column];
        return complete({values, values.column.cells[p.index]}, f, *f.definition->type);
    }
    if (!f.constant.empty()) {
        out_ += f.constant;
        return progress::complete;
    }
    if (f.binding)
        return write_immediate(p, f);
    raise(f, "This field is not available.", code::unavailable);
    return progress::missing;
}

/// Writes the value of a member, or of a function that does not wait. The value is written completely, because the value of a
/// function exists only during the call.
response_writer::progress response_writer::write_immediate(const row_view& p, const field_plan& f) {
    const auto depth = path_.size();
    const auto outer = std::exchange(may_keep_open_, false);
    auto written = progress::missing;
    try {
        const auto* input = f.binding->input_of(p.row);
        const auto* member = f.binding->member();
        written = member ? write_member(member->of(input), f) : write_returned(input, f);
    } catch (...) {
        path_.resize(depth);
        raise(f, classify_exception(operation_.context(), f.coordinate()));
    }
    may_keep_open_ = outer;
    return written;
}

response_writer::progress response_writer::write_member(const void* value, const field_plan& f) {
    if (!f.arguments.values && !operation_.arguments_of(f)) {
        raise(f, engine_error::arguments);
        return progress::missing;
    }
    const auto& type = *f.binding->resolver->type;
    return type.is_content ? write_content({f.below.front(), value, nullptr, 0}, f, 0)
                           : complete({value, type}, f, *f.definition->type);
}

response_writer::progress response_writer::write_returned(const void* input, const field_plan& f) {
    const auto arguments = operation_.arguments_of(f);
    if (!arguments) {
        raise(f, engine_error::arguments);
        return progress::missing;
    }
    const selection selected{f.below};
    row_value value{*this, f};
    (*f.binding->for_row())(input, {*arguments, selected, operation_.context()}, value);
    return value.result;
}

response_writer::progress response_writer::write_object(const row_view& p) {
    if (p.plan->error) {
        raise(*p.plan->error, code::input);
        return progress::missing;
    }
    out_ += '{';
    const auto* fields = p.plan->fields.data();
    return begin_value(
        open_object{.object = p, .depth = path_.size(), .next = fields, .past_last = fields + p.plan->fields.size()},
        may_keep_open_ && p.rows && is_large_below(*p.rows));
}

response_writer::progress response_writer::complete(const value_view& value, const field_plan& f, const type& t) {
    switch (value.kind()) {
    case value_kind::null:
        if (t.kind == type_kind::non_null) {
            raise(f, "Cannot return null for non-nullable field " + f.coordinate() + '.', code::internal);
            return progress::missing;
        }
        out_ += "null";
        return progress::complete;
    case value_kind::error:
        if (value.engine_error() == engine_error::none)
            raise(f, value.failure());
        else
            raise(f, value.engine_error());
        return progress::missing;
    case value_kind::list: return write_list(value, f, *t.nullable().of_type);
    case value_kind::content: break;
    }
    return write_content({f.below[value.set()], value.content(), value.level_of_row(), value.index()}, f, value.set());
}

/// @param content a row or, if its `plan` is null, a scalar or an enum
response_writer::progress response_writer::write_content(const row_view& content, const field_plan& f, std::uint8_t set) {
    return content.plan ? write_object(content) : write_leaf(f, f.binding->values[set], content.row);
}

response_writer::progress response_writer::write_list(const value_view& list, const field_plan& f, const type& item_type) {
    out_ += '[';
    path_.emplace_back(std::size_t{0});
    return begin_value(open_list{.list = list, .field = &f, .item_type = &item_type, .depth = path_.size()},
                       may_keep_open_ && list.may_be_large());
}

/// Begins an object or a list. If it is large, it stays open and is written in portions; otherwise it is written completely,
/// with everything inside it.
template <class Value>
response_writer::progress response_writer::begin_value(Value v, bool is_large) {
    if (is_large) {
        v.may_stay_open = true;
        open_values_.emplace_back(v);
        return progress::open;
    }
    const auto outer = std::exchange(may_keep_open_, false);
    const auto written = write_parts(v);
    may_keep_open_ = outer;
    return written;
}

/// Writes all remaining parts, or, if the value stays open, as many as fit into the portion.
template <class Value>
response_writer::progress response_writer::write_parts(Value& value) {
    while (!value.is_at_end()) {
        if (value.may_stay_open && is_portion_full())
            return progress::open;
        if (!value.is_at_first())
            out_ += ',';
        const auto written = write_part(value);
        if (written == progress::open)
            return progress::open;
        if (!end_part(value, written))
            return progress::missing;
    }
    out_ += Value::is_list ? ']' : '}';
    if constexpr (Value::is_list)
        path_.pop_back(); // removes the last index
    return progress::complete;
}

response_writer::progress response_writer::write_part(open_list& list) {
    path_.back() = list.next;
    list.begin = out_.size();
    return is_within_limit() ? complete(list.list.item(list.next++), *list.field, *list.item_type) : progress::missing;
}

/// Ends a part of a value; a missing part becomes null. Returns false if the response is too long, or if the part is missing
/// although its type is non-null. In both cases the whole value is missing.
template <class Value>
bool response_writer::end_part(Value& value, progress written) {
    if (written == progress::complete) {
        if constexpr (!Value::is_list)
            path_.pop_back();
        return true;
    }
    if (is_too_long_ || value.type_of_part().kind == type_kind::non_null)
        return false; // the nearest enclosing nullable value becomes null and shortens the path
    path_.resize(value.depth);
    out_.resize(value.begin);
    out_ += "null";
    return true;
}

response_writer::progress response_writer::write_leaf(const field_plan& f, const detail::value_binding& binding,
                                                      const void* value) {
    if (binding.write(value, out_, leaf_fault_))
        return progress::complete;
    raise(f, leaf_fault_, code::internal);
    return progress::missing;
}

void response_writer::raise(const field_plan& f, std::string_view message, std::string_view code) {
    add({.message = message, .locations = f.locations, .code = code});
}

void response_writer::raise(const field_plan& f, const error& e) {
    add({.message = message_of(e), .locations = f.locations, .details = &e});
}

void response_writer::raise(const field_plan& f, engine_error t) {
    switch (t) {
    case engine_error::arguments: return raise(operation_.argument_error(f), code::input);
    case engine_error::overdue: return raise(f, "The request has exceeded its time limit.", code::timeout);
    case engine_error::throttled:
        return raise(f, "This client has used up the processor time that it may have for now.", code::throttled);
    case engine_error::temporary:
        return raise(f, "The server cannot do this at the moment; nothing was changed.", code::unavailable);
    case engine_error::none:
    case engine_error::unknown:
    case engine_error::internal: break;
    }
    add({.message = t == engine_error::unknown
                        ? "It is not known whether the change was kept; look for it before you ask again."
                        : "internal error",
         .locations = f.locations,
         .code = code::internal,
         .request_id = operation_.context().request_id});
}

void response_writer::raise(const planned_error& e, std::string_view code) {
    add({.message = e.message, .locations = {&e.where, 1}, .code = code});
}

void response_writer::add(error_entry entry) {
    if (errors_.is_full())
        return errors_.leave_out();
    std::string path;
    if (!path_.empty()) {
        json_writer out{path};
        out.begin_array();
        for (const auto& step : path_) {
            if (const auto* field = std::get_if<const field_plan*>(&step))
                out.value((*field)->key);
            else
                out.value(static_cast<std::int64_t>(std::get<std::size_t>(step)));
        }
        out.end_array();
    }
    entry.path = path;
    errors_.add(entry);
}

} // namespace atrium::graphql
