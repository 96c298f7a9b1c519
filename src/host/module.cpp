#include <entity/table_check.hpp>
#include <host/module.hpp>

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace atrium::host {

std::vector<std::string> find_table_misfits(const description& module, const storage::catalog& database) {
    auto entities = module.unpublished;
    for (const auto& publication : module.publications)
        if (std::ranges::find(entities, publication.entity) == entities.end())
            entities.push_back(publication.entity);
    std::vector<std::string> misfits;
    for (const auto* entity : entities)
        std::ranges::move(entity::find_table_misfits(*entity, database), std::back_inserter(misfits));
    return misfits;
}

void require_tables(const description& module, const storage::catalog& database) {
    std::string lines;
    for (const auto& misfit : find_table_misfits(module, database))
        lines.append(lines.empty() ? "" : "\n").append(misfit);
    if (!lines.empty())
        throw std::logic_error{lines};
}

} // namespace atrium::host
