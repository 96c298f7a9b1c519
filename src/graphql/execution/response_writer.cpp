#include "response_writer.hpp"

#include <base/json_writer.hpp>

#include <utility>

namespace atrium::graphql {
namespace {

constexpr std::string_view begin_of_response = "{\"data\":";

} // namespace

/// A value to be written: one in C++, where it is, or a cell of a column.
class response_writer::value_view {
public:
    value_view(const void* value, const value_type& type) : state_{type.look(value)}, type_{&type} {}
    value_view(const field_values& values, detail::cell cell) : values_{&values}, cell_{cell} {
        using kind = detail::cell::kind;
        switch (cell.what) {
        case kind::null: break;
        case kind::error:
        case kind::trouble: state_.kind = value_kind::error; break;
        case kind::value: state_ = {value_kind::content, cell.set, 0, values.column.sets[cell.set]->at(cell.index)}; break;
        case kind::list_of_values:
        case kind::list_of_cells: state_ = {value_kind::list, 0, cell.size}; break;
        }
    }

    [[nodiscard]] value_kind kind() const noexcept { return state_.kind; }

    /// Of an error: the engine's own, or `none` if a resolver gave it.
    [[nodiscard]] graphql::trouble trouble() const noexcept {
        return cell_.what == detail::cell::kind::trouble ? static_cast<graphql::trouble>(cell_.index) : graphql::trouble::none;
    }
    [[nodiscard]] error failure() const { return values_ ? values_->column.errors[cell_.index] : state_.error_at(state_.at); }

    [[nodiscard]] std::uint8_t set() const noexcept { return state_.set; }
    [[nodiscard]] const void* content() const noexcept { return state_.at; }
    /// Of a row, if what is below it has columns.
    [[nodiscard]] const level* below() const { return values_ ? &values_->below[state_.set] : nullptr; }
    [[nodiscard]] std::size_t index() const noexcept { return cell_.index; } ///< of a row in `below`

    [[nodiscard]] std::size_t size() const noexcept { return state_.size; }
    [[nodiscard]] value_view item(std::size_t i) const {
        if (values_)
            return {*values_, values_->column.item_of(cell_, static_cast<std::uint32_t>(i))};
        return {type_->list->item(state_.at, i), *type_->list->items};
    }

private:
    value_state state_;
    const value_type* type_ = nullptr;     // of a value in C++
    const field_values* values_ = nullptr; // of a cell
    detail::cell cell_{};
};

/// Writes the value that a function gives.
class response_writer::row_value final : public detail::value_receiver {
public:
    row_value(response_writer& w, const field_plan& f) : writer_{w}, field_{f} {}
    void receive(const void* value) override {
        is_complete = writer_.complete({value, *field_.binding->resolver->type}, field_, *field_.definition->type);
    }

    bool is_complete = false;

private:
    response_writer& writer_;
    const field_plan& field_;
};

std::string responses_too_long(std::size_t most) {
    return "The batch's responses are longer than " + std::to_string(most) + " bytes. Send fewer requests in one batch.";
}

response_writer::response_writer(running& r, std::size_t most, std::size_t used)
    : running_{r}, out_{begin_of_response}, most_{most}, used_{used} {
    out_ += '{';
}

bool response_writer::write_root_field(const level& root, const field_plan& f) {
    if (!std::exchange(is_first_, false))
        out_ += ',';
    has_data_ = write_field({root.plan, root.rows, &root, 0}, f);
    return has_data_;
}

void response_writer::fail(const planned_error& e) {
    raise(e, code::input);
    has_data_ = false;
}

response response_writer::finish() && {
    if (has_data_)
        out_ += "}}";
    if (!has_room()) {
        errors_ = {}; // of fields that nobody sees
        path_.clear();
        const auto message = used_ > 0 ? responses_too_long(most_)
                                       : "The response is longer than " + std::to_string(most_) +
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

response response_writer::refuse(const field_plan& f, const error& why) && {
    return refuse_for(f, why);
}

response response_writer::refuse(const field_plan& f, trouble why) && {
    return refuse_for(f, why);
}

template <class Why>
response response_writer::refuse_for(const field_plan& f, const Why& why) {
    path_.emplace_back(&f);
    raise(f, why);
    return {"{\"errors\":" + std::move(errors_).finish() + '}', true, false};
}

/// Once there is none, nothing up to the root has a value any more.
bool response_writer::has_room() {
    is_too_long_ = is_too_long_ || (most_ > 0 && used_ + out_.size() > most_);
    return !is_too_long_;
}

/// False where the field has no value, and cannot be null.
bool response_writer::write_field(const place& p, const field_plan& f) {
    if (!has_room())
        return false;
    out_ += f.quoted_key;
    const auto begin = out_.size();
    const auto depth = path_.size();
    path_.emplace_back(&f);
    const bool is_complete = write_value(p, f);
    path_.resize(depth);
    if (is_complete)
        return true;
    if (is_too_long_ || f.definition->type->kind == type_kind::non_null)
        return false;
    out_.resize(begin);
    out_ += "null";
    return true;
}

bool response_writer::write_value(const place& p, const field_plan& f) {
    if (f.column) {
        const auto& values = p.at->columns[*f.column];
        return complete({values, values.column.cells[p.index]}, f, *f.definition->type);
    }
    if (!f.constant.empty()) {
        out_ += f.constant;
        return true;
    }
    if (f.binding)
        return write_seen(p, f);
    raise(f, "This is not served here.", code::unavailable);
    return false;
}

/// A value that nobody waits for.
bool response_writer::write_seen(const place& p, const field_plan& f) {
    const auto depth = path_.size();
    try {
        const auto* row = f.binding->row_of(p.row);
        const auto* member = f.binding->member();
        return member ? write_member(member->of(row), f) : write_returned(row, f);
    } catch (...) {
        path_.resize(depth);
        raise(f, trouble_of_exception(running_.context(), f.coordinate()));
    }
    return false;
}

bool response_writer::write_member(const void* value, const field_plan& f) {
    if (!f.arguments.values && !running_.arguments_of(f)) {
        raise(f, trouble::arguments);
        return false;
    }
    const auto& type = *f.binding->resolver->type;
    return type.is_content ? write_content({f.below.front(), value, nullptr, 0}, f, 0)
                           : complete({value, type}, f, *f.definition->type);
}

bool response_writer::write_returned(const void* row, const field_plan& f) {
    const auto arguments = running_.arguments_of(f);
    if (!arguments) {
        raise(f, trouble::arguments);
        return false;
    }
    const selection selected{f.below};
    row_value value{*this, f};
    (*f.binding->for_row())(row, {*arguments, selected, running_.context()}, value);
    return value.is_complete;
}

bool response_writer::write_object(const place& p) {
    if (p.plan->error) {
        raise(*p.plan->error, code::input);
        return false;
    }
    out_ += '{';
    bool is_first = true;
    for (const auto& field : p.plan->fields) {
        if (!std::exchange(is_first, false))
            out_ += ',';
        if (!write_field(p, field))
            return false;
    }
    out_ += '}';
    return true;
}

bool response_writer::complete(const value_view& value, const field_plan& f, const type& t) {
    switch (value.kind()) {
    case value_kind::null:
        if (t.kind == type_kind::non_null) {
            raise(f, "Cannot return null for non-nullable field " + f.coordinate() + '.', code::internal);
            return false;
        }
        out_ += "null";
        return true;
    case value_kind::error:
        if (value.trouble() == trouble::none)
            raise(f, value.failure());
        else
            raise(f, value.trouble());
        return false;
    case value_kind::list: return complete_list(value, f, *t.nullable().of_type);
    case value_kind::content: break;
    }
    return write_content({f.below[value.set()], value.content(), value.below(), value.index()}, f, value.set());
}

/// @param content if nothing is selected below it, a scalar or an enum
bool response_writer::write_content(const place& content, const field_plan& f, std::uint8_t set) {
    return content.plan ? write_object(content) : write_leaf(f, f.binding->values[set], content.row);
}

bool response_writer::complete_list(const value_view& list, const field_plan& f, const type& item_type) {
    out_ += '[';
    const auto depth = path_.size();
    path_.emplace_back(std::size_t{0});
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (i > 0)
            out_ += ',';
        path_.back() = i;
        const auto begin = out_.size();
        if (has_room() && complete(list.item(i), f, item_type))
            continue;
        if (is_too_long_ || item_type.kind == type_kind::non_null)
            return false; // whoever can be null puts the path right
        path_.resize(depth + 1);
        out_.resize(begin);
        out_ += "null";
    }
    path_.resize(depth);
    out_ += ']';
    return true;
}

bool response_writer::write_leaf(const field_plan& f, const detail::value_binding& binding, const void* value) {
    if (binding.write(value, out_, why_))
        return true;
    raise(f, why_, code::internal);
    return false;
}

void response_writer::raise(const field_plan& f, std::string_view message, std::string_view code) {
    add({.message = message, .locations = f.locations, .code = code});
}

void response_writer::raise(const field_plan& f, const error& e) {
    add({.message = message_of(e), .locations = f.locations, .details = &e});
}

void response_writer::raise(const field_plan& f, trouble t) {
    switch (t) {
    case trouble::arguments: return raise(running_.argument_error(f), code::input);
    case trouble::overdue: return raise(f, "The time that a request may take is over.", code::timeout);
    case trouble::temporary:
        return raise(f, "The server cannot do this at the moment; nothing was changed.", code::unavailable);
    case trouble::none:
    case trouble::unknown:
    case trouble::internal: break;
    }
    add({.message = t == trouble::unknown ? "It is not known whether the change was kept; look for it before you ask again."
                                          : "internal error",
         .locations = f.locations,
         .code = code::internal,
         .request_id = running_.context().request_id});
}

void response_writer::raise(const planned_error& e, std::string_view code) {
    add({.message = e.message, .locations = {&e.where, 1}, .code = code});
}

void response_writer::add(error_entry entry) {
    if (!errors_.has_room())
        return errors_.leave_out();
    std::string path;
    if (!path_.empty()) {
        json_writer out{path};
        out.begin_array();
        for (const auto& one : path_) {
            if (const auto* field = std::get_if<const field_plan*>(&one))
                out.value((*field)->key);
            else
                out.value(static_cast<std::int64_t>(std::get<std::size_t>(one)));
        }
        out.end_array();
    }
    entry.path = path;
    errors_.add(entry);
}

} // namespace atrium::graphql
