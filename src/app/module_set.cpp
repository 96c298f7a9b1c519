#include "module_set.hpp"

#include "module_settings.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace atrium::app {
namespace {

/// Sorts modules by their needs with a depth-first search: a module comes after those that it needs.
class need_order {
public:
    explicit need_order(std::span<const host::module_entry> modules) : modules_{modules} {
        for (const auto& module : modules)
            visit(module);
    }

    [[nodiscard]] std::vector<const host::module_entry*> take() { return std::move(ordered_); }

private:
    void visit(const host::module_entry& module) {
        if (std::ranges::find(ordered_, &module) != ordered_.end())
            return;
        if (std::ranges::find(path_, &module) != path_.end())
            throw std::logic_error{"the module " + module.description.name +
                                   " needs itself indirectly; modules must not need each other in a cycle"};
        path_.push_back(&module);
        for (const auto& need : module.needs)
            visit(find_needed(module, need));
        path_.pop_back();
        ordered_.push_back(&module);
    }

    [[nodiscard]] const host::module_entry& find_needed(const host::module_entry& module, const host::need& need) const {
        const auto* found = find_module(modules_, need.module);
        if (!found)
            throw std::logic_error{"the module " + module.description.name + " needs a module " + need.module +
                                   ", which this program does not have"};
        return *found;
    }

    std::span<const host::module_entry> modules_;
    std::vector<const host::module_entry*> path_;
    std::vector<const host::module_entry*> ordered_;
};

/// Finds topics that a field names in `not_in_event` although the module does not publish them. Such a topic is probably
/// misspelled.
std::vector<std::string> misfits_of_publication(const std::string& module, const host::publication& publication) {
    std::vector<std::string> misfits;
    for (const auto& field : publication.entity->fields())
        for (const auto& topic : field.topics_without)
            if (std::ranges::find(publication.topics, topic) == publication.topics.end())
                misfits.push_back("the description of " + std::string{publication.entity->name()} + ", field \"" +
                                  std::string{field.name} + "\": not_in_event has the topic " + std::string{topic} +
                                  ", which the module " + module + " does not publish about this entity; correct the topic");
    return misfits;
}

std::string token_of(const settings& s, const std::string& key) {
    const auto found = s.module_tokens.find(key);
    return found == s.module_tokens.end() ? std::string{} : found->second;
}

/// The entity that the events of this topic describe; null if no module publishes them.
const entity::description* find_published(std::span<const host::module_entry> modules, const std::string& topic) {
    for (const auto& module : modules)
        for (const auto& publication : module.description.publications)
            if (std::ranges::find(publication.topics, topic) != publication.topics.end())
                return publication.entity;
    return nullptr;
}

} // namespace

std::vector<const host::module_entry*> sort_by_needs(std::span<const host::module_entry> modules) {
    return need_order{modules}.take();
}

std::vector<std::string> find_event_misfits(std::span<const host::module_entry> modules) {
    std::vector<std::string> misfits;
    for (const auto& module : modules)
        for (const auto& publication : module.description.publications)
            std::ranges::move(misfits_of_publication(module.description.name, publication), std::back_inserter(misfits));
    for (const auto& module : modules)
        for (const auto& consumption : module.description.consumptions) {
            const auto begin = "the module " + module.description.name + " reads the events " + consumption.topic + ", but ";
            const auto* entity = find_published(modules, consumption.topic);
            if (!entity)
                misfits.push_back(begin + "no module publishes them");
            else
                for (const auto& missing : consumption.part->missing_in(*entity, consumption.topic))
                    misfits.push_back(begin + missing);
        }
    return misfits;
}

std::vector<event_requests::published_topic> published_topics(std::span<const host::module_entry> modules) {
    std::vector<event_requests::published_topic> topics;
    for (const auto& module : modules)
        for (const auto& publication : module.description.publications)
            for (const auto& topic : publication.topics)
                topics.push_back({topic, publication.entity});
    return topics;
}

module_set::module_set(std::span<const host::module_entry> modules, const settings& s, const parts& p) : all_{modules} {
    if (const auto misfits = find_event_misfits(modules); !misfits.empty())
        throw std::logic_error{misfits.front()};
    for (const auto* entry : sort_by_needs(modules))
        if (s.runs(entry->description.name))
            make(*entry, s, p);
}

module_set::~module_set() {
    while (!local_.empty()) // in the reverse order of their creation
        local_.pop_back();
}

void module_set::make(const host::module_entry& entry, const settings& s, const parts& p) {
    for (const auto& need : entry.needs) {
        const auto url = s.module_urls.find(url_key(entry, need));
        const auto* provider = find_module(all_, need.module);
        if (url == s.module_urls.end() || url->second.empty() || !provider->make_remote || has_remote(need.module))
            continue;
        remotes_.push_back({need.module, url->second,
                            provider->make_remote({url->second, url->first, token_of(s, token_key(entry, need)),
                                                   s.http.tls.trust, p.time, p.metrics, p.log.named(need.module + " client")},
                                                  interfaces_)});
    }
    const auto& name = entry.description.name;
    local_.push_back(
        entry.make({storage::store{p.database, name}, p.bus, p.bus.feed(), p.time, p.log.named(name)}, interfaces_));
    names_.push_back(name);
}

bool module_set::has_remote(const std::string& name) const {
    return std::ranges::find(remotes_, name, &remote_part::name) != remotes_.end();
}

void module_set::add_handlers(events::durable_bus& bus) {
    for (const auto& module : local_)
        module->add_handlers(bus);
    for (const auto& entry : all_)
        if (std::ranges::find(names_, entry.description.name) == names_.end())
            for (const auto& subscription : entry.description.subscriptions)
                bus.declare(subscription);
}

void module_set::add_routes(http::router& router) {
    for (std::size_t i = 0; i < local_.size(); ++i) {
        const auto first = router.routes().size();
        local_[i]->add_routes(router);
        routes_.push_back({names_[i], first, router.routes().size() - first});
    }
}

/// The types of remote modules come first, so that the fields that other modules add to a type are listed after the type's own
/// fields.
void module_set::add_types(graphql::schema_builder& schema) {
    for (const auto& remote : remotes_)
        remote.module->add_types(schema);
    for (const auto& module : local_)
        module->add_types(schema);
}

} // namespace atrium::app
