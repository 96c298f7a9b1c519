#include "entity_rules.hpp"

#include <support/catch.hpp>

namespace atrium::architecture {

TEST_CASE("an entity that its module does not list is reported") {
    const std::string path = "modules/bakers/src/loaf.hpp";
    const source loaf{path, "inline const auto loaf_entity = entity::describe<loaf>(\"Loaf\");"};
    const source crumb{"modules/bakers/src/crumb.cpp", "const auto x = 1;\nconst auto crumb_entity = [] {\n"
                                                       "    using namespace entity;\n    return describe<crumb>();\n}();"};
    const source module{"modules/bakers/src/module.cpp", ".publications = {{{\"bakers.loaf_baked\"}, &loaf_entity}},"};
    const std::string sentence = ", which modules/bakers/src/module.cpp lists neither in .publications nor in .unpublished";
    using texts = std::vector<std::string>;

    CHECK(unlisted_entities({loaf, module}) == texts{});
    CHECK(unlisted_entities({loaf}) == texts{path + " describes loaf_entity" + sentence});
    CHECK(unlisted_entities({module, loaf, crumb}) == texts{"modules/bakers/src/crumb.cpp describes crumb_entity" + sentence});
    CHECK(unlisted_entities({loaf, {module.path, ".publications = {{{}, &loaf_entity_of_others}}"}}).size() == 1);
    CHECK(unlisted_entities({{path, "const auto part = entity::describe_data<loaf>();"}}) == texts{});
    CHECK(unlisted_entities({{path, "return entity::describe<loaf>(\"Loaf\");"}}) ==
          texts{path + " describes an entity outside of a variable, so modules/bakers/src/module.cpp cannot list it"});
}

} // namespace atrium::architecture
