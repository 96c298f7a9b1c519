#pragma once

#include <module_support/module_process.hpp>
#include <users/module.hpp>

namespace atrium::users {

/// A process in which users runs, alone.
struct users_process : support::module_process {
    users_process() : module_process{{describe()}}, users{context("users")} { start(users); }
    ~users_process() { stop(); }

    /// Creates a user with a fitting address; its id.
    std::int64_t create(const std::string& username) {
        const auto made = post("/users/", R"({"username":")" + username + R"(","email":")" + username + R"(@example.com"})");
        return made.json().at("user").at("id").as_int64();
    }

    module users;
};

} // namespace atrium::users
