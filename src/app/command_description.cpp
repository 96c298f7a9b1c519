#include "command_description.hpp"

#include <CLI/CLI.hpp>

#include <sstream>
#include <string_view>

namespace atrium::app {
namespace {

/// The choices in a type such as "SHELL:{bash,zsh,fish}". CLI11 shows values in this form if only a few words are allowed.
std::vector<std::string> choices_in(std::string_view type) {
    const auto begin = type.find('{');
    const auto end = type.find('}');
    std::vector<std::string> choices;
    if (begin == std::string_view::npos || end == std::string_view::npos)
        return choices;
    std::istringstream words{std::string{type.substr(begin + 1, end - begin - 1)}};
    for (std::string word; std::getline(words, word, ',');)
        choices.push_back(word);
    return choices;
}

described_option describe(const CLI::Option& option) {
    described_option described{.description = option.get_description(),
                               .is_positional = option.get_positional(),
                               .is_required = option.get_required(),
                               .is_repeatable = option.get_items_expected_max() > 1};
    for (const auto& name : option.get_snames())
        described.names.push_back("-" + name);
    for (const auto& name : option.get_lnames())
        described.names.push_back("--" + name);
    const auto type = option.get_type_name();
    if (option.get_type_size_max() > 0)
        described.value = described.names.empty() ? option.get_name(true) : type.substr(0, type.find(':'));
    described.choices = choices_in(type);
    return described;
}

} // namespace

described_command describe(const CLI::App& program) {
    described_command described{program.get_name(), program.get_description(), {}, {}};
    for (const auto* option : program.get_options())
        described.options.push_back(describe(*option));
    for (const auto* command : program.get_subcommands({}))
        described.commands.push_back(describe(*command));
    return described;
}

} // namespace atrium::app
