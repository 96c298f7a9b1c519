#pragma once

#include <app/settings.hpp>
#include <config/sources.hpp>

#include <filesystem>

/// `atrium demo`: a server with generated users and orders in a database of its own.
namespace atrium::app {

/// A temporary folder for the database of a demonstration. The destructor removes it with everything in it.
class demo_folder {
public:
    /// Throws std::runtime_error, with a text for the person at the terminal, if the folder cannot be created.
    demo_folder();
    ~demo_folder();
    demo_folder(const demo_folder&) = delete;
    demo_folder& operator=(const demo_folder&) = delete;

    /// Returns the configuration of a server that uses only the database in this folder. It contains the `--set` options of
    /// `given`, but neither the configuration file nor the environment. Throws std::runtime_error if one of these options would
    /// affect files outside of the folder or other machines.
    [[nodiscard]] config::sources isolate(const config::sources& given) const;

private:
    std::filesystem::path path_;
};

/// Runs a server and generates load until a signal arrives. The subscription `demo.unreliable` of this server fails for some
/// events. Returns the exit status.
/// @param s the settings that were read from the result of `demo_folder::isolate`
[[nodiscard]] int demonstrate(const settings& s);

} // namespace atrium::app
