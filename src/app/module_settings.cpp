#include "module_settings.hpp"

#include <http/client.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace atrium::app {
namespace {

/// Accepts any name that is not empty; a separate rule reports names that are not modules. The text does not list the modules,
/// because the list would then also appear in config.toml and docs/configuration.md.
config::text_rule module_name() {
    return {"the name of a module", [](std::string_view text) { return !text.empty(); }};
}

config::text_rule url_of_service() {
    return {R"("" or an http or https URL such as "http://127.0.0.1:8000")",
            [](std::string_view text) { return text.empty() || http::parse_base_url(text).has_value(); }};
}

config::text_rule secret_token() {
    return {R"("" or a token)",
            [](std::string_view text) { return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; }); }, true};
}

std::string quoted(const std::string& name) {
    return '"' + name + '"';
}

/// The names of the modules in quotation marks, such as `"users", "orders"`.
std::string names_of(std::span<const host::module_entry> modules) {
    std::string names;
    for (const auto& module : modules)
        names.append(names.empty() ? "" : ", ").append(quoted(module.description.name));
    return names;
}

std::string url_of(const settings& s, const std::string& key) {
    const auto found = s.module_urls.find(key);
    return found == s.module_urls.end() ? std::string{} : found->second;
}

faults find_wrong_names(std::span<const host::module_entry> modules, const settings& s) {
    faults found;
    for (auto name = s.modules.begin(); name != s.modules.end(); ++name) {
        if (!find_module(modules, *name))
            found.push_back("modules.enabled has " + quoted(*name) + ", which is not a module; the modules are " +
                            names_of(modules));
        else if (std::find(s.modules.begin(), name, *name) != name)
            found.push_back("modules.enabled has " + quoted(*name) + " twice; each module can be there once");
    }
    return found;
}

/// Finds needed modules that do not run in this process, and for which no URL of another process is set.
faults find_unmet_needs(std::span<const host::module_entry> modules, const settings& s) {
    faults found;
    for (const auto& module : modules) {
        if (!is_enabled(s, module.description.name))
            continue;
        for (const auto& need : module.needs) {
            const auto key = url_key(module, need);
            if (is_enabled(s, need.module) || !url_of(s, key).empty())
                continue;
            const auto* provider = find_module(modules, need.module);
            const auto alternative = provider && provider->make_remote ? ", or specify where " + need.module + " runs, as in " +
                                                                             key + " = \"http://127.0.0.1:8000\""
                                                                       : std::string{};
            found.push_back("modules.enabled has " + quoted(module.description.name) + " without " + quoted(need.module) +
                            "; " + need.purpose + ": enable both" + alternative);
        }
    }
    return found;
}

/// The first key with a URL of a process that runs the module `provider`; empty if there is none. All other keys with a URL for
/// this module must have the same URL.
std::string find_first_url_key(std::span<const host::module_entry> modules, const settings& s, const std::string& provider) {
    for (const auto& module : modules)
        for (const auto& need : module.needs)
            if (const auto key = url_key(module, need);
                need.module == provider && is_enabled(s, module.description.name) && !url_of(s, key).empty())
                return key;
    return {};
}

faults find_wrong_url(std::span<const host::module_entry> modules, const settings& s, const host::module_entry& module,
                      const host::need& need) {
    const auto key = url_key(module, need);
    const auto url = url_of(s, key);
    if (url.empty() || !is_enabled(s, module.description.name))
        return {};
    if (is_enabled(s, need.module))
        return {key + " is the URL of another process that runs " + need.module + ", but " + need.module +
                " is enabled in this process; remove the URL or change modules.enabled"};
    if (const auto first_key = find_first_url_key(modules, s, need.module); url_of(s, first_key) != url)
        return {key + " differs from " + first_key + "; all modules of this process must use the same URL for " + need.module};
    return {};
}

bool is_exposed(const std::string& url) {
    const auto parsed = http::parse_base_url(url);
    return parsed && parsed->is_exposed();
}

} // namespace

const host::module_entry* find_module(std::span<const host::module_entry> modules, std::string_view name) {
    const auto found = std::ranges::find_if(modules, [&](const auto& module) { return module.description.name == name; });
    return found == modules.end() ? nullptr : &*found;
}

bool is_enabled(const settings& s, std::string_view module) {
    return s.modules.empty() || std::ranges::find(s.modules, module) != s.modules.end();
}

std::string url_key(const host::module_entry& module, const host::need& need) {
    return "modules." + module.description.name + "." + need.module + "_url";
}

std::string token_key(const host::module_entry& module, const host::need& need) {
    return "modules." + module.description.name + "." + need.module + "_token";
}

std::optional<std::string> find_exposed_token(std::span<const host::module_entry> modules, const settings& s) {
    if (s.allow_plain_tokens)
        return std::nullopt;
    for (const auto& module : modules)
        for (const auto& need : module.needs) {
            const auto token = s.module_tokens.find(token_key(module, need));
            const bool is_sent = is_enabled(s, module.description.name) && !is_enabled(s, need.module) &&
                                 token != s.module_tokens.end() && !token->second.empty();
            if (const auto key = url_key(module, need); is_sent && is_exposed(url_of(s, key)))
                return token->first + " would be sent to another machine without TLS, because " + key + " is " +
                       url_of(s, key) +
                       ", and everyone on the way could read and use it; let the other process serve https "
                       "(docs/http.md) and set " +
                       key + " to its https URL, or set modules.allow_plain_tokens = true";
        }
    return std::nullopt;
}

void declare_modules(config::schema& schema, std::span<const host::module_entry> modules, settings& s) {
    schema.section("modules", "Which modules run in this process.");
    schema.list("modules.enabled", s.modules, module_name(),
                "The modules that run here; all of them if the list is empty. Events for modules that do not run here are kept "
                "in the database.");
    schema.rule({"modules.enabled"}, [&s, modules] {
        auto found = find_wrong_names(modules, s);
        std::ranges::move(find_unmet_needs(modules, s), std::back_inserter(found));
        return found;
    });
    schema.boolean(
        "modules.allow_plain_tokens", s.allow_plain_tokens,
        "Allows this process to send a token to a process on another machine by http. Everyone on the way can read and use "
        "such a token, so set this only if the network between the two machines is encrypted by other means.");
    for (const auto& module : modules) {
        bool has_section = false;
        for (const auto& need : module.needs) {
            const auto* provider = find_module(modules, need.module);
            if (!provider || !provider->make_remote)
                continue;
            if (!std::exchange(has_section, true))
                schema.section("modules." + module.description.name,
                               "How the module " + module.description.name + " reaches other modules.");
            const auto key = url_key(module, need);
            schema.text(key, s.module_urls[key], url_of_service(),
                        "URL of the process in which the module " + need.module +
                            " runs, if that is another process. If this is empty, " + need.module +
                            " runs in this process. A host name in the URL must be one of http.hosts of the other process.");
            schema.text(token_key(module, need), s.module_tokens[token_key(module, need)], secret_token(),
                        "Token that this process sends to the process at " + key +
                            ", if that process requires one. The token needs the scope " + need.module +
                            ":read. It is a secret: set it in the environment rather than in the file.");
            schema.rule({key}, [&s, modules, &module, &need] { return find_wrong_url(modules, s, module, need); });
        }
    }
}

} // namespace atrium::app
