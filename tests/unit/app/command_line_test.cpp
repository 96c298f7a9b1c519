#include <app/command_line.hpp>
#include <support/captured_stderr.hpp>
#include <support/catch.hpp>

#include <map>
#include <string>
#include <vector>

namespace {

using namespace atrium;

auto parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "atrium");
    return app::parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

} // namespace

TEST_CASE("the commands serve, check, demo, version and migrate are parsed with their options") {
    CHECK(parse({"serve"})->command == app::command::serve);
    CHECK(parse({"check"})->command == app::command::check);
    CHECK(parse({"check", "--graph"})->text.starts_with("flowchart LR\n"));
    CHECK(parse({"demo", "--set", "http.port=0"})->command == app::command::demo);
    CHECK(parse({"version"})->command == app::command::version);
    CHECK_FALSE(parse({"migrate"})->dry_run);
    const auto dry = parse({"migrate", "--dry-run"});
    CHECK(dry->command == app::command::migrate);
    CHECK(dry->dry_run);
}

TEST_CASE("backup takes exactly one file to write, and the options --force and --if-exists") {
    const auto backup = parse({"backup", "copy.db", "--config", "x.toml"});
    REQUIRE(backup.has_value());
    CHECK(backup->command == app::command::backup);
    CHECK(backup->target == "copy.db");
    CHECK_FALSE(backup->force);
    CHECK(backup->sources.file == "x.toml");
    CHECK(parse({"backup", "--force", "copy.db"})->force);
    CHECK_FALSE(backup->tolerates_absence);
    CHECK(parse({"backup", "--if-exists", "copy.db"})->tolerates_absence);

    support::captured_stderr output;
    CHECK(parse({"backup"}).error() == 2);
    CHECK(output.text().find("FILE") != std::string::npos);
    CHECK(parse({"backup", "copy.db", "other.db"}).error() == 2);
}

TEST_CASE("the subcommands of events are parsed with their arguments and options") {
    using event_commands::verb;
    const auto list = parse({"events", "list", "--topic", "a.*", "--limit", "7", "--json", "--server", "http://h:1"});
    REQUIRE(list.has_value());
    CHECK(list->command == app::command::events);
    CHECK(list->events.verb == verb::list);
    CHECK(list->events.is_json);
    CHECK(list->events.server == "http://h:1");
    CHECK(list->events.fields == std::map<std::string, std::string>{{"limit", "7"}, {"topic", "a.*"}});

    const auto retry = parse({"events", "retry", "1-2", "3-4", "--yes", "--reason", "r", "--set", "http.port=0"});
    REQUIRE(retry.has_value());
    CHECK(retry->events.verb == verb::retry);
    CHECK(retry->events.ids == std::vector<std::string>{"1-2", "3-4"});
    CHECK(retry->events.is_confirmed);
    CHECK(retry->sources.assignments == std::vector<std::string>{"http.port=0"});

    const auto publish = parse({"events", "publish", "a.b", "{}"});
    REQUIRE(publish.has_value());
    CHECK(publish->events.verb == verb::publish);
    CHECK(publish->events.fields == std::map<std::string, std::string>{{"data", "{}"}, {"topic", "a.b"}});
    CHECK(parse({"events", "resume", "a.b"})->events.target == "a.b");
    CHECK(parse({"events", "drain"})->events.verb == verb::drain);
}

TEST_CASE("the option --set can be repeated, and each assignment is kept as it was written") {
    const auto options = parse({"serve", "--set", "modules.enabled=[\"users\"]", "--config", "x.toml", "--set=http.port=0"});
    REQUIRE(options.has_value());
    CHECK(options->sources.assignments == std::vector<std::string>{"modules.enabled=[\"users\"]", "http.port=0"});
    CHECK(options->sources.file == "x.toml");
}

TEST_CASE("a usage error returns exit status 2 and prints the reason to standard error") {
    support::captured_stderr output;
    CHECK(parse({}).error() == 2);
    CHECK(output.text().find("Usage: atrium") != std::string::npos);
    CHECK(parse({"serv"}).error() == 2);
    CHECK(output.text().find("serv") != std::string::npos);
    CHECK(parse({"serve", "--set"}).error() == 2);
    CHECK(parse({"serve", "extra"}).error() == 2);
    CHECK(parse({"check", "--dry-run"}).error() == 2);
}

TEST_CASE(
    "the option --version is parsed as the command version, and help shows the usage of the program or of a given command") {
    CHECK(parse({"--version"})->command == app::command::version);
    const auto help = parse({"help"});
    REQUIRE(help.has_value());
    CHECK(help->command == app::command::print);
    CHECK(help->text.find("Usage: atrium [OPTIONS] [SUBCOMMAND]") != std::string::npos);
    CHECK(parse({"help", "serve"})->text.find("Usage: atrium serve [OPTIONS]") != std::string::npos);
    CHECK(parse({"help", "events", "list"})->text.find("Usage: atrium events list [OPTIONS]") != std::string::npos);

    support::captured_stderr output;
    CHECK(parse({"help", "events", "lst"}).error() == 2);
    CHECK(output.text() == "atrium: there is no command events lst; did you mean events list?\n");
}

TEST_CASE("the message of a usage error is about the first unexpected argument and suggests what was probably meant") {
    const auto [arguments, message] = GENERATE(table<std::vector<const char*>, std::string>({
        {{"serv"}, "there is no command serv; did you mean serve?\nFor help: atrium help"},
        {{"events", "lst"}, "there is no command events lst; did you mean events list?\nFor help: atrium help events"},
        {{"frobnicate"}, "there is no command frobnicate\nFor help: atrium help"},
        {{"serve", "--port", "9000"},
         "serve has no option --port; did you mean --set http.port=VALUE?\nFor help: atrium help serve"},
        {{"serve", "--http-port=9000"},
         "serve has no option --http-port; did you mean --set http.port=VALUE?\nFor help: atrium help serve"},
        {{"serve", "http.port=9000"},
         "serve does not take the argument (not shown); did you mean --set http.port=VALUE?\nFor help: atrium help serve"},
        {{"serve", "--frce"}, "serve has no option --frce; did you mean --force?\nFor help: atrium help serve"},
        {{"migrate", "--dry"}, "migrate has no option --dry\nFor help: atrium help migrate"},
        {{"--verson"}, "atrium has no option --verson; did you mean --version?\nFor help: atrium help"},
        {{"backup", "copy.db", "other.db"}, "backup does not take the argument (not shown)\nFor help: atrium help backup"},
        {{"events", "list", "--limt", "7"},
         "events list has no option --limt; did you mean --limit?\nFor help: atrium help events list"},
    }));
    support::captured_stderr output;
    CHECK(parse(arguments).error() == 2);
    CHECK(output.text() == "atrium: " + message + "\n");
}

TEST_CASE("the message of a usage error does not contain a text that may be a password") {
    const auto arguments = GENERATE(table<std::vector<const char*>, const char*>({
        {{"serve", "bus.rabbitmq.url=amqp://ann:hidden@broker"}, "(not shown)"},
        {{"serve", "--set", "bus.rabbitmq.url", "amqp://ann:hidden@broker"}, "(not shown)"},
        {{"serve", "--set", "auth.key", "hidden"}, "(not shown)"},
        {{"serve", "--sett", "bus.rabbitmq.url=amqp://ann:hidden@broker"}, "--sett"},
        {{"serve", "--password=hidden"}, "--password"},
        {{"events", "drain", "hidden words"}, "(not shown)"},
        {{"bus.rabbitmq.url=amqp://ann:hidden@broker"}, "(not shown)"},
        {{"serve", "--force=hidden"}, "--force"},
    }));
    support::captured_stderr output;
    CHECK(parse(std::get<0>(arguments)).error() == 2);
    CAPTURE(output.text());
    CHECK(output.text().find("hidden") == std::string::npos);
    CHECK(output.text().find(std::get<1>(arguments)) != std::string::npos);
}
