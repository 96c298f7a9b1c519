#pragma once

#include <base/json_writer.hpp>
#include <entity/description.hpp>
#include <storage/sql.hpp>

#include <string>
#include <vector>

/// The JSON of entities, as REST shows it.
namespace atrium::entity {

/// Writes one value as JSON: an empty optional as null, times as in RFC 3339, enumerations by their words.
void write_value(json_writer& out, const value_type& type, const void* value);

/// Writes entities as JSON objects with their shown fields in the order of the description. Created once for each entity. Can
/// be used on any thread.
class json_form {
public:
    explicit json_form(const description& d);

    void write(json_writer& out, const void* entity) const;

    /// Writes the current row of a cursor without creating an entity. The columns of the row must be those of
    /// `description::shown`.
    void write(json_writer& out, const storage::cursor& row) const;

    /// The strong ETag of the entity, quotes included: it changes exactly when the JSON does. Empty if no field is in the ETag.
    [[nodiscard]] std::string etag(const void* entity) const;

private:
    struct column {
        const field_info* field;
        std::string key; ///< with its quotes and colon: see `rendered_key`
        int row_column;  ///< the index of the column in a row
    };
    const description& description_;
    std::vector<column> columns_;
};

} // namespace atrium::entity
