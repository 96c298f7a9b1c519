#pragma once

#include "pears.hpp"

#include <resource/graphql.hpp>

#include <string>
#include <utility>

namespace atrium::pears {

/// A module that shows pears in GraphQL: a plain list, pages, and each pear by its global id.
class stall {
public:
    explicit stall(host::context c)
        : pears_{pear_entity,
                 {"pears.pear_created", "pears.pear_updated", "pears.pear_deleted"},
                 {std::move(c.store), c.bus, c.time}} {}

    void add_routes(http::router&) {}
    void add_handlers(events::bus&) {}
    void add_types(graphql::schema_builder& to) {
        resource::add_type(to, pears_);
        resource::add_list(to, pears_, "allPears", {});
        resource::add_paged_list(to, pears_, "pears", {});
    }

private:
    resource::service<pear> pears_;
};

struct market : orchard {
    market() : shown_{context("pears")} { start(shown_); }
    ~market() { stop(); }

private:
    stall shown_;
};

} // namespace atrium::pears
