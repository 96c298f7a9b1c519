#include "module_graph.hpp"

#include <events/topic_pattern.hpp>

#include <algorithm>
#include <string_view>
#include <vector>

namespace atrium::app {
namespace {

constexpr std::string_view indentation = "    ";

/// A name for a node. It has only letters, digits and '_', because other characters have a meaning in Mermaid. The prefix
/// distinguishes names from the keywords of Mermaid, and kinds of nodes from each other.
std::string node(std::string_view prefix, std::string_view name) {
    std::string id{prefix};
    for (const char c : name)
        id += c == '.' ? "__" : c == '*' ? "_any" : c == '#' ? "_all" : std::string{c};
    return id;
}

std::string module_node(std::string_view name) {
    return node("module_", name);
}

std::string topic_node(std::string_view name) {
    return node("topic_", name);
}

/// Puts a text in quotation marks. There, '#' begins the name of a character in Mermaid, so each '#' is written by its name.
std::string label(std::string_view text) {
    std::string quoted{"\""};
    for (const char c : text)
        quoted += c == '#' ? "#35;" : std::string{c};
    return quoted + '"';
}

void add_line(std::string& graph, const std::string& line) {
    graph.append(indentation).append(line).append("\n");
}

std::vector<std::string> all_topics(std::span<const host::module_entry> modules) {
    std::vector<std::string> all;
    for (const auto& module : modules)
        for (const auto& publication : module.description.publications)
            all.insert(all.end(), publication.topics.begin(), publication.topics.end());
    return all;
}

void add_nodes(std::string& graph, const host::description& module) {
    add_line(graph, module_node(module.name) + "[" + label(module.name) + "]");
    for (const auto& publication : module.publications)
        for (const auto& topic : publication.topics)
            add_line(graph, topic_node(topic) + "([" + label(topic) + "])");
}

void add_publications(std::string& graph, const host::description& module) {
    for (const auto& publication : module.publications)
        for (const auto& topic : publication.topics)
            add_line(graph, module_node(module.name) + " --> " + topic_node(topic));
}

void add_delivery(std::string& graph, const std::string& topic, const std::string& module, const std::string& subscription) {
    add_line(graph, topic_node(topic) + " -- " + label(subscription) + " --> " + module_node(module));
}

/// Draws a pattern that no topic matches. It looks like a topic, and a dashed line with the name of the subscription leads from
/// it to the module.
void add_unmatched(std::string& graph, const std::string& pattern, const std::string& module, const std::string& subscription) {
    add_line(graph, topic_node(pattern) + "([" + label(pattern) + "])");
    add_line(graph, topic_node(pattern) + " -. " + label(subscription) + " .-> " + module_node(module));
}

void add_subscriptions(std::string& graph, const host::description& module, const std::vector<std::string>& topics) {
    for (const auto& subscription : module.subscriptions)
        for (const auto& text : subscription.topics) {
            const events::topic_pattern pattern{text};
            if (std::ranges::none_of(topics, [&](const auto& topic) { return pattern.matches(topic); }))
                add_unmatched(graph, text, module.name, subscription.name);
            for (const auto& topic : topics)
                if (pattern.matches(topic))
                    add_delivery(graph, topic, module.name, subscription.name);
        }
}

} // namespace

std::string module_graph(std::span<const host::module_entry> modules) {
    std::string graph{"flowchart LR\n"};
    const auto topics = all_topics(modules);
    for (const auto& module : modules)
        add_nodes(graph, module.description);
    for (const auto& module : modules)
        add_publications(graph, module.description);
    for (const auto& module : modules)
        add_subscriptions(graph, module.description, topics);
    for (const auto& module : modules)
        for (const auto& need : module.needs)
            add_line(graph, module_node(module.description.name) + " == calls ==> " + module_node(need.module));
    return graph;
}

} // namespace atrium::app
