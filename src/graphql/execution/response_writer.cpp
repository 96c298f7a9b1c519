#include "response_writer.hpp"

#include <base/json_writer.hpp>

#include <utility>

namespace atrium::graphql {
namespace {

constexpr std::string_view begin_of_response = "{\"data\":";

/// What stands in a cell of a column, as `detail::value_view` shows what stands in C++.
class cell_view {
public:
    cell_view(const field_values& values, detail::cell cell) : values_{values}, cell_{cell} {}

    [[nodiscard]] detail::seen look() const {
        using kind = detail::cell::kind;
        switch (cell_.what) {
        case kind::null: return {};
        case kind::error: return {detail::seen_kind::error};
        case kind::value: return {detail::seen_kind::value, cell_.set, 0, values_.column.sets[cell_.set]->at(cell_.index)};
        case kind::list_of_values:
        case kind::list_of_cells: return {detail::seen_kind::list, 0, cell_.size, nullptr};
        case kind::trouble: break;
        }
        return {detail::seen_kind::trouble, 0, cell_.index, nullptr};
    }
    [[nodiscard]] const error& failure() const { return values_.column.errors[cell_.index]; }
    [[nodiscard]] cell_view item(std::size_t i) const {
        return {values_, values_.column.item_of(cell_, static_cast<std::uint32_t>(i))};
    }

    [[nodiscard]] const level* below(std::uint8_t set) const { return &values_.below[set]; }
    [[nodiscard]] std::size_t index() const noexcept { return cell_.index; }

private:
    const field_values& values_;
    detail::cell cell_;
};

} // namespace

/// Completes the value that a plain resolver tells.
class response_writer::value_reader final : public detail::plain_resolver::reader {
public:
    value_reader(response_writer& w, const field_plan& f) : writer_{w}, field_{f} {}
    void read(detail::value_view value) override { is_complete = writer_.complete(value, field_, *field_.definition->type); }

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
        return complete(cell_view{values, values.column.cells[p.index]}, f, *f.definition->type);
    }
    if (!f.constant.empty()) {
        out_ += f.constant;
        return true;
    }
    if (f.binding)
        return write_plain(p, f);
    raise(f, "This is not served here.", code::unavailable);
    return false;
}

bool response_writer::write_plain(const place& p, const field_plan& f) {
    const auto arguments = running_.arguments_of(f);
    if (!arguments) {
        raise(f, trouble::arguments);
        return false;
    }
    const auto depth = path_.size();
    const selection selected{f.below};
    value_reader reader{*this, f};
    try {
        f.binding->plain().resolve(f.binding->row_of(p.row), {*arguments, selected, running_.context()}, reader);
        return reader.is_complete;
    } catch (...) {
        path_.resize(depth);
        raise(f, trouble_of_exception(running_.context(), f.coordinate()));
    }
    return false;
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

template <class Cursor>
bool response_writer::complete(const Cursor& value, const field_plan& f, const type& t) {
    const auto seen = value.look();
    switch (seen.kind) {
    case detail::seen_kind::null:
        if (t.kind == type_kind::non_null) {
            raise(f, "Cannot return null for non-nullable field " + f.coordinate() + '.', code::internal);
            return false;
        }
        out_ += "null";
        return true;
    case detail::seen_kind::error: raise(f, value.failure()); return false;
    case detail::seen_kind::trouble: raise(f, static_cast<trouble>(seen.size)); return false;
    case detail::seen_kind::list: return complete_list(value, seen.size, f, *t.nullable().of_type);
    case detail::seen_kind::value: break;
    }
    return complete_present(value, seen, f);
}

template <class Cursor>
bool response_writer::complete_present(const Cursor& value, const detail::seen& seen, const field_plan& f) {
    const auto* below = f.below[seen.set];
    if (!below)
        return write_leaf(f, f.binding->values[seen.set], seen.at);
    if constexpr (std::is_same_v<Cursor, cell_view>)
        return write_object({below, seen.at, value.below(seen.set), value.index()});
    else
        return write_object({below, seen.at, nullptr, 0});
}

template <class Cursor>
bool response_writer::complete_list(const Cursor& list, std::size_t size, const field_plan& f, const type& item_type) {
    out_ += '[';
    const auto depth = path_.size();
    path_.emplace_back(std::size_t{0});
    for (std::size_t i = 0; i < size; ++i) {
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
