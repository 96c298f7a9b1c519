#pragma once

#include "pears.hpp"

#include <resource/graphql.hpp>

#include <string>
#include <utility>

namespace atrium::pears {

/// A module that shows pears in GraphQL: a plain list, pages, and each pear by its global id.
class pears_module {
public:
    explicit pears_module(host::context c)
        : pears_{pear_entity,
                 {"pears.pear_created", "pears.pear_updated", "pears.pear_deleted"},
                 {std::move(c.store), c.bus, c.time}} {}

    void add_routes(http::router&) {}
    void add_handlers(events::bus&) {}
    void add_types(graphql::schema_builder& builder) {
        resource::add_type(builder, pears_);
        resource::add_list(builder, pears_, "allPears", {});
        resource::add_paged_list(builder, pears_, "pears", {});
    }

private:
    resource::service<pear> pears_;
};

struct pears_graphql_fixture : pears_fixture {
    pears_graphql_fixture() : module_{context("pears")} { start(module_); }
    ~pears_graphql_fixture() { stop(); }

private:
    pears_module module_;
};

} // namespace atrium::pears
