#pragma once

#include <graphql/document.hpp>
#include <graphql/located_error.hpp>
#include <graphql/schema.hpp>

#include <memory>

namespace atrium::graphql {

/// Checks an executable document by the rules of section 5 of the specification. Returns the errors in the order and with the
/// messages of graphql-js (`validate` with its specified rules; like graphql-js, it stops after 100 errors). If there are
/// no errors, the document may be executed.
[[nodiscard]] located_errors validate(const schema& s, const document& d);

/// Like `validate`, but in steps, so that other coroutines can run in between: a long document can take about 50 ms. The schema
/// and the document must outlive the validator. Used by one thread at a time.
class validator {
public:
    validator(const schema& s, const document& d);
    ~validator();
    validator(const validator&) = delete;
    validator& operator=(const validator&) = delete;

    /// Validates a part of the document, which takes well below a millisecond. Returns whether there is more to validate.
    [[nodiscard]] bool advance();

    /// Returns what `validate` would return. Call it once, after `advance` has returned false.
    [[nodiscard]] located_errors take();

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace atrium::graphql
