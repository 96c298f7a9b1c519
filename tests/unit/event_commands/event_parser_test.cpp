#include "event_parser.hpp"

#include <support/catch.hpp>

#include <string>
#include <vector>

using atrium::event_commands::event_parser;
using events = std::vector<std::string>;

TEST_CASE("server-sent events are read from pieces of any size") {
    const std::string stream = "id: 6\n\nid: 7\ndata: {\"a\":1}\n\n: here\n\ndata: one\r\ndata:two\r\n\r\n";
    for (std::size_t size = 1; size <= stream.size(); ++size) {
        event_parser parser;
        events all;
        for (std::size_t begin = 0; begin < stream.size(); begin += size)
            for (auto& each : parser.take(std::string_view{stream}.substr(begin, size)))
                all.push_back(std::move(each));
        CHECK(all == events{"{\"a\":1}", "one\ntwo"});
        CHECK(parser.last_id() == "7");
    }
}

TEST_CASE("an event that has arrived only in part is not returned, and its id does not become the last id") {
    event_parser parser;
    CHECK(parser.take("id: 6\ndata: a\n\nid: 7\ndata: b\n").size() == 1);
    CHECK(parser.last_id() == "6");
    parser.reset();
    CHECK(parser.take("id: 7\ndata: b\n\n") == events{"b"});
    CHECK(parser.last_id() == "7");
}
