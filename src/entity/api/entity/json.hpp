#pragma once

#include <base/json_writer.hpp>
#include <entity/description.hpp>
#include <storage/sql.hpp>

#include <string>
#include <vector>

/// What REST shows of an entity.
namespace atrium::entity {

/// Writes one value as JSON: null for an optional without one, times by RFC 3339, enumerations by their words.
void write_value(json_writer& out, const value_type& type, const void* value);

/// Writes entities as JSON objects: their shown fields in the order of the description. Made once; any thread.
class json_form {
public:
    explicit json_form(const description& d);

    void write(json_writer& out, const void* entity) const;

    /// Writes the row where a cursor stands, without an entity in between. Its columns are those of `description::shown`.
    void write(json_writer& out, const storage::cursor& row) const;

    /// The strong ETag of the entity, quotes included: it changes exactly when the JSON does.
    [[nodiscard]] std::string etag(const void* entity) const;

private:
    struct column {
        const field_info* field;
        std::string key; ///< rendered
        int at;          ///< where it stands in a row
    };
    const description& description_;
    std::vector<column> columns_;
};

} // namespace atrium::entity
