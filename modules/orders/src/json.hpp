#pragma once

#include "order.hpp"

#include <base/json_writer.hpp>

#include <optional>
#include <string>

namespace atrium::orders {

/// The order as REST shows it.
void write_json(json_writer& out, const order_view& o);

/// Writes a list of orders as a JSON array.
class json_array final : public order_visitor {
public:
    void restart() override;
    void visit(const order_view& o) override;

    /// The whole array; call it once, after the list.
    [[nodiscard]] std::string finish();

private:
    std::string text_;
    std::optional<json_writer> writer_;
};

} // namespace atrium::orders
