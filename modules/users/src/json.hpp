#pragma once

#include "account.hpp"

#include <base/json_writer.hpp>

#include <optional>
#include <string>

namespace atrium::users {

/// The user as REST shows it.
void write_json(json_writer& out, const account_view& a);

/// Writes a list of users as a JSON array.
class json_array final : public account_visitor {
public:
    void restart() override;
    void visit(const account_view& a) override;

    /// The whole array; call it once, after the list.
    [[nodiscard]] std::string finish();

private:
    std::string text_;
    std::optional<json_writer> writer_;
};

} // namespace atrium::users
