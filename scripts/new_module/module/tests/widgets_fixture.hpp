#pragma once

#include <module_support/module_process.hpp>
#include <support/catch.hpp>
#include <widgets/module.hpp>

#include <string>

namespace atrium {

/// A process that runs only the widgets module.
struct widgets_fixture : support::module_process {
    widgets_fixture() : module_process{{widgets::describe()}}, widgets{context("widgets")} { start(widgets); }
    ~widgets_fixture() { stop(); }

    support::module_answer create(const std::string& title) { return post("/widgets/", R"({"title":")" + title + R"("})"); }

    /// What the module's handler has recorded: "widgets.widget_created 1, ...".
    std::string history() {
        return support::run(store("widgets").read([](storage::snapshot& s) -> result<std::string> {
                   std::string text;
                   for (auto rows = s.query("SELECT topic, widget_id FROM widgets_history ORDER BY id"); rows.next();)
                       text.append(text.empty() ? "" : ", ")
                           .append(rows.text(0))
                           .append(" ")
                           .append(std::to_string(rows.integer(1)));
                   return text;
               }))
            .value();
    }

    widgets::module widgets;
};

} // namespace atrium
