#pragma once

#include <module_support/module_process.hpp>
#include <users/module.hpp>

#include <boost/json/parse.hpp>

#include <string>

namespace atrium::users {

/// A process with only the users module.
struct users_process : support::module_process {
    explicit users_process(const std::function<void(const std::filesystem::path&)>& prepare = {})
        : module_process{{describe()}, prepare}, users{context("users")} {
        start(users);
    }
    ~users_process() { stop(); }

    /// Creates a user with an address that matches the name, and returns its id.
    std::int64_t create(const std::string& username) {
        const auto created = post("/users/", R"({"username":")" + username + R"(","email":")" + username + R"(@example.com"})");
        return created.json().at("user").at("id").as_int64();
    }

    module users;
};

/// The user in an event, as text: "user 1: ann, revision 2".
inline std::string summary_of(const events::event& e) {
    const auto data = boost::json::parse(e.data);
    return "user " + std::to_string(data.at("user_id").as_int64()) + ": " + std::string{data.at("username").as_string()} +
           ", revision " + std::to_string(data.at("revision").as_int64());
}

} // namespace atrium::users
