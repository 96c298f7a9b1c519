#pragma once

#include <graphql/document.hpp>
#include <graphql/schema.hpp>

#include <vector>

namespace atrium::graphql::validation {

/// The types at the current node of a walk. A type is null if it cannot be determined, for example for an unknown field. Rules
/// report nothing about a null type, because another rule reports the cause.
class type_info {
public:
    explicit type_info(const schema& s) : schema_{s} {}

    /// The type of the innermost enclosing operation, field or fragment.
    [[nodiscard]] const type* output() const noexcept { return top(outputs_); }
    /// The composite type whose fields are selected.
    [[nodiscard]] const type* parent() const noexcept { return top(parents_); }
    /// The expected type of the current value.
    [[nodiscard]] const type* input() const noexcept { return top(inputs_); }
    /// The expected type of the list or object that contains the current value.
    [[nodiscard]] const type* enclosing_input() const noexcept {
        return inputs_.size() > 1 ? inputs_[inputs_.size() - 2] : nullptr;
    }
    /// Whether the current argument or input field has a default; false for an item of a list.
    [[nodiscard]] bool has_default() const noexcept { return !defaults_.empty() && defaults_.back(); }
    [[nodiscard]] const graphql::field* field() const noexcept { return top(fields_); }
    [[nodiscard]] const input_value* argument() const noexcept { return argument_; }

    void enter(const ast::operation& n);
    void enter(const ast::fragment_definition& n);
    void enter(const ast::inline_fragment& n);
    void enter(const ast::selection_set& n);
    void enter(const ast::field& n);
    void enter(const ast::variable_definition& n);
    void enter(const ast::directive& n);
    void enter(const ast::argument& n);
    void enter(const ast::object_field& n);
    void enter(const ast::value& n);

    void leave(const ast::operation&) { outputs_.pop_back(); }
    void leave(const ast::fragment_definition&) { outputs_.pop_back(); }
    void leave(const ast::inline_fragment&) { outputs_.pop_back(); }
    void leave(const ast::selection_set&) { parents_.pop_back(); }
    void leave(const ast::field&);
    void leave(const ast::variable_definition&) { inputs_.pop_back(); }
    void leave(const ast::directive&) { directive_ = nullptr; }
    void leave(const ast::argument&);
    void leave(const ast::object_field&) { leave_input(); }
    void leave(const ast::value& n);

private:
    template <class T>
    [[nodiscard]] static T top(const std::vector<T>& stack) noexcept {
        return stack.empty() ? nullptr : stack.back();
    }
    void enter_input(const type* expected, bool has_default);
    void leave_input();
    [[nodiscard]] const type* find_condition_type(const ast::type_reference& t) const noexcept;

    const schema& schema_;
    std::vector<const type*> outputs_{};
    std::vector<const type*> parents_{};
    std::vector<const type*> inputs_{};
    std::vector<bool> defaults_{};
    std::vector<const graphql::field*> fields_{};
    const graphql::directive* directive_ = nullptr;
    const input_value* argument_ = nullptr;
};

} // namespace atrium::graphql::validation
