#include "console_facts.hpp"

#include "module_settings.hpp"
#include "registry.hpp"
#include "version.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>

namespace atrium::app {
namespace {

console::module_facts facts_of(const module_set::local_routes& routes, const host::module_entry& entry) {
    console::module_facts found{.name = routes.module, .first_route = routes.first, .route_count = routes.count};
    for (const auto& publication : entry.description.publications)
        std::ranges::copy(publication.topics, std::back_inserter(found.publishes));
    for (const auto& subscription : entry.description.subscriptions)
        found.subscriptions.push_back(subscription.name);
    for (const auto& need : entry.needs)
        found.calls.push_back(need.module);
    return found;
}

/// Adds the events of all modules, including those that run in other processes, because this process keeps events for them.
void add_events(console::facts& f) {
    for (const auto& entry : registered_modules()) {
        const auto& module = entry.description;
        for (const auto& subscription : module.subscriptions)
            f.subscriptions.push_back({subscription.name, module.name, subscription.topics});
        for (const auto& publication : module.publications)
            for (const auto& topic : publication.topics)
                f.topics.push_back({topic, module.name});
    }
}

} // namespace

console::facts console_facts(const settings& s, const module_set& modules, const storage::sqlite::sqlite_database& database,
                             const clock& time) {
    console::facts f{.version = std::string{version()},
                     .build = build_info(),
                     .started = time.now(),
                     .auth_mode = std::string{auth::name_of(s.auth.mode)},
                     .has_tls = s.http.tls.is_on(),
                     .configuration = s.configuration,
                     .defaults = read_settings({})->configuration,
                     .migrations = database.applied(),
                     .schemas = all_schemas(),
                     .database = std::filesystem::absolute(s.storage.path),
                     .backups = std::filesystem::absolute(s.storage.backup_folder()),
                     .kept_backups = s.storage.keep_backups};
    for (const auto& each : modules.routes())
        f.modules.push_back(facts_of(each, *find_module(registered_modules(), each.module)));
    for (const auto& each : modules.remotes())
        f.remotes.push_back({each.name, each.url});
    add_events(f);
    return f;
}

} // namespace atrium::app
