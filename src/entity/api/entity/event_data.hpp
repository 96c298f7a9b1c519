#pragma once

#include <base/error.hpp>
#include <base/offset_of.hpp>
#include <entity/description.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The data of events, which the description of the publisher's entity defines, and the part of this data that a consumer
/// needs. A consumer describes its part itself, as a separate service would, and a test compares this with the publisher's
/// description.
namespace atrium::entity {

/// The fields that the events about an entity contain if they have this topic.
[[nodiscard]] field_set event_fields(const description& d, std::string_view topic);

/// The data of an event about this entity: a JSON object with `fields`, except those that no event contains.
[[nodiscard]] std::string event_data(const description& d, const field_set& fields, const void* entity);

/// One member of a data part (see `data_part`), without its C++ type.
struct datum_info {
    std::string_view name; ///< its name in the data
    const value_type* type;
    std::size_t offset;
};

/// Declares a member of a data part: `datum{"user_id", &counted_order::user}`. An optional member may be missing or null in the
/// data.
template <class Part, class T>
class datum {
    static_assert(field_value<T>, "a datum is std::int64_t, bool, std::string, timestamp, id<...>, an enumeration with "
                                  "describe_enumeration, or std::optional of one of these");

public:
    datum(std::string_view name, T Part::* member) : info_{name, &value_type_of<T>(), offset_of(member)} {}
    [[nodiscard]] const datum_info& info() const noexcept { return info_; }

private:
    datum_info info_;
};

/// The part of an event's data that a consumer needs. Created at the start and never changed. Can be used on any thread.
class data_part {
public:
    explicit data_part(std::vector<datum_info> data) : data_{std::move(data)} {}

    /// Reads the data into the part at `target`. Ignores data that is not in the part. Errors: malformed (the data is not a
    /// JSON object, or a datum is missing or has another type).
    [[nodiscard]] result<> read(std::string_view json, void* target) const;

    /// Returns a sentence for each datum of the part that the publisher's events with this topic do not contain, contain with
    /// another type, or may contain as null although the part requires a value.
    [[nodiscard]] std::vector<std::string> missing_in(const description& publisher, std::string_view topic) const;

private:
    std::vector<datum_info> data_;
};

/// A `data_part` with the C++ type into which it is read.
template <class Part>
class described_part : public data_part {
public:
    using data_part::data_part;

    [[nodiscard]] result<Part> read(std::string_view json) const {
        Part part{};
        if (auto outcome = data_part::read(json, &part); !outcome)
            return outcome.error();
        return part;
    }
};

/// Describes a data part:
///
///     struct counted_order { user_id user; };
///     inline const auto counted_order_data = entity::describe_data<counted_order>(datum{"user_id", &counted_order::user});
template <class Part, class... T>
[[nodiscard]] described_part<Part> describe_data(const datum<Part, T>&... data) {
    return described_part<Part>{std::vector<datum_info>{data.info()...}};
}

} // namespace atrium::entity
