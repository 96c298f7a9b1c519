#include "entity_rules.hpp"

#include <algorithm>
#include <iterator>
#include <regex>

namespace atrium::architecture {
namespace {

/// Returns the names of the variables in `text` that are initialized with `entity::describe<...>`, such as "order_entity" for
/// `inline const entity::described<order> order_entity = entity::describe<order>(...)`. The variable may also be declared with
/// `auto`. A description that initializes no variable has an empty name.
std::vector<std::string> descriptions_in(const std::string& text) {
    static const std::regex description{R"(\bdescribe<)"};
    static const std::regex variable{R"(\b(?:auto|described<\w+>)\s+(\w+)\s*=)"};
    std::vector<std::string> names;
    for (std::sregex_iterator found{text.begin(), text.end(), description}, end; found != end; ++found) {
        std::string name;
        for (std::sregex_iterator previous{text.begin(), text.begin() + found->position(), variable}; previous != end;
             ++previous)
            name = (*previous)[1];
        names.push_back(std::move(name));
    }
    return names;
}

} // namespace

std::vector<std::string> unlisted_entities(const std::vector<source>& sources) {
    std::vector<std::string> faults;
    for (const auto& each : sources) {
        if (!each.path.starts_with("modules/") || each.path.find("/tests/") != std::string::npos)
            continue;
        const auto list = each.path.substr(0, each.path.find('/', std::string{"modules/"}.size())) + "/src/module.cpp";
        const auto module = std::ranges::find(sources, list, &source::path);
        for (const auto& name : descriptions_in(each.text))
            if (name.empty())
                faults.push_back(each.path + " describes an entity outside of a variable, so " + list + " cannot list it");
            else if (module == sources.end() || !std::regex_search(module->text, std::regex{"&" + name + "\\b"}))
                faults.push_back(each.path + " describes " + name + ", which " + list +
                                 " lists neither in .publications nor in .unpublished");
    }
    return faults;
}

} // namespace atrium::architecture
