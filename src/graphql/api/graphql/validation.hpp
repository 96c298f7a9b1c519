#pragma once

#include <graphql/document.hpp>
#include <graphql/located_error.hpp>
#include <graphql/schema.hpp>

#include <memory>

namespace atrium::graphql {

/// Every rule of the specification's section 5 that an executable document breaks, in the order and the words of graphql-js
/// (`validate` with its specified rules; after 100 errors it gives up as graphql-js does). Empty: it may be executed.
[[nodiscard]] located_errors validate(const schema& s, const document& d);

/// The same a part at a time, so that others can work in between: a long document can take some 50 ms. Both `schema` and
/// `document` must outlive it. One thread at a time.
class validator {
public:
    validator(const schema& s, const document& d);
    ~validator();
    validator(const validator&) = delete;
    validator& operator=(const validator&) = delete;

    /// Works for well below a millisecond. Whether there is more to do.
    [[nodiscard]] bool go_on();

    /// What `validate` returns. Only at the end.
    [[nodiscard]] located_errors take();

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace atrium::graphql
