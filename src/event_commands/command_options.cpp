#include <event_commands/commands.hpp>

#include <CLI/CLI.hpp>

#include <initializer_list>
#include <utility>

namespace atrium::event_commands {
namespace {

/// Declares a command and its options.
class declarations {
public:
    declarations(CLI::App& events, command& parsed_command, const std::function<void(CLI::App&)>& add_common)
        : events_{events}, parsed_command_{parsed_command}, add_common_{add_common} {}

    CLI::App& add(const std::string& name, event_commands::verb verb, const std::string& description) {
        auto* added = events_.add_subcommand(name, description);
        added->callback([&parsed_command = parsed_command_, verb] { parsed_command.verb = verb; });
        added->add_option("--server", parsed_command_.server, "URL of the server (default: the one of the configuration)")
            ->type_name("URL");
        added
            ->add_option(
                "--token", parsed_command_.token,
                "Token that the server requires; other users can see it on the command line, but not in the environment")
            ->type_name("TOKEN")
            ->envname("ATRIUM_TOKEN");
        added->add_flag("--allow-plain-token", parsed_command_.allows_plain_token,
                        "Send the token to another machine even by http, where everyone on the way can read and use it");
        added->add_flag("--json", parsed_command_.is_json, "Print JSON");
        add_common_(*added);
        return *added;
    }

    /// An option whose value is sent under the name `field`.
    void add_field(CLI::App& command, const std::string& names, const std::string& field, const std::string& type,
                   const std::string& description, bool is_required = false) {
        command
            .add_option_function<std::string>(
                names, [&fields = parsed_command_.fields, field](const std::string& value) { fields[field] = value; },
                description)
            ->type_name(type)
            ->required(is_required);
    }

    void add_target(CLI::App& command, const std::string& name, const std::string& type, const std::string& description) {
        command.add_option(name + ",--" + name, parsed_command_.target, description)->type_name(type)->required();
    }

    void add_reason(CLI::App& command) {
        add_field(command, "--reason", "reason", "TEXT", "Reason for the action, which is stored");
    }

    void add_page(CLI::App& command) {
        add_field(command, "--limit", "limit", "N", "Maximum number of rows, 1 to 1000 (default: 100)");
        add_field(command, "--after", "after", "CURSOR", "Continue after the last row of an earlier page");
    }

    void add_dead_letter_filter(CLI::App& command) {
        add_field(command, "--subscription", "subscription", "NAME", "Only dead letters of this subscription");
        add_field(command, "--topic", "topic", "PATTERN",
                  "Only dead letters of this topic; * matches a word, # any number of words");
        add_field(command, "--key", "key", "KEY", "Only dead letters with this key");
        add_field(command, "--error", "error", "TEXT", "Only dead letters whose error contains this text");
        add_field(command, "--since", "since", "TIME", "Only dead letters since this time (RFC 3339)");
        add_field(command, "--until", "until", "TIME", "Only dead letters before this time");
        add_field(command, "--group", "group", "ID", "Only dead letters of this failure group");
    }

    void add_ids(CLI::App& command) {
        command.add_option("ids,--ids", parsed_command_.ids, "Ids of dead letters")->type_name("ID");
    }

    void add_range(CLI::App& command) {
        add_field(command, "--from", "from", "SEQ|TIME", "First event, or the time at which the range begins");
        add_field(command, "--to", "to", "SEQ|TIME", "Last event, or the time before which the range ends");
        add_field(command, "--topic", "topic", "PATTERN", "Only events of this topic");
    }

    void add_bulk(CLI::App& command) {
        command.add_flag("--all", parsed_command_.is_all, "Select everything; required if no other option selects a part");
        command.add_flag("--dry-run", parsed_command_.is_dry_run, "Only count the matches");
        command.add_flag("--yes", parsed_command_.is_confirmed, "Do not ask for confirmation");
        add_reason(command);
    }

private:
    CLI::App& events_;
    command& parsed_command_;
    const std::function<void(CLI::App&)>& add_common_;
};

void add_log_commands(declarations& d) {
    auto& list = d.add("list", verb::list, "List events of the journal");
    d.add_field(list, "--topic", "topic", "PATTERN", "Only events of this topic; * matches a word, # any number of words");
    d.add_field(list, "--key", "key", "KEY", "Only events with this key");
    d.add_field(list, "--since", "since", "TIME", "Only events since this time (RFC 3339)");
    d.add_field(list, "--until", "until", "TIME", "Only events before this time");
    d.add_field(list, "--trace", "trace", "TRACE", "Only events of this trace (32 hexadecimal digits)");
    d.add_field(list, "--order", "order", "ORDER", "oldest (default) or newest first");
    d.add_page(list);

    auto& show = d.add("show", verb::show, "Show an event and its delivery to each subscription");
    d.add_target(show, "seq", "SEQ", "Number of the event");

    auto& follow = d.add("follow", verb::follow, "Print events as they are committed, until the command is interrupted");
    d.add_field(follow, "--topic", "topic", "PATTERN", "Only events of this topic");
    d.add_field(follow, "--after", "after", "SEQ", "Begin after this event (default: now)");

    auto& publish = d.add("publish", verb::publish, "Publish an event by hand");
    d.add_field(publish, "topic,--topic", "topic", "TOPIC", "Topic that a module publishes", true);
    d.add_field(publish, "data,--data", "data", "JSON", "Data of the event: JSON, @FILE, or - for standard input", true);
    d.add_field(publish, "--key", "key", "KEY", "Key of the event (default: the key of the entity in the data)");
    d.add_field(publish, "--priority", "priority", "N", "Priority, 0 to 9 (default: 4)");
    d.add_field(publish, "--deliver-at", "deliver_at", "TIME", "Deliver the event at this time (RFC 3339; default: now)");
    d.add_reason(publish);
}

void add_subscription_commands(declarations& d, command& parsed_command) {
    auto& list = d.add("subscriptions", verb::subscriptions, "List the subscriptions and their backlog");
    list.add_option("subscription,--subscription", parsed_command.target, "Show only this subscription")->type_name("NAME");

    for (const auto& [name, verb, description] :
         {std::tuple{"pause", verb::pause, "Stop the delivery of events to a subscription"},
          std::tuple{"resume", verb::resume, "Resume the delivery of events to a subscription"}}) {
        auto& added = d.add(name, verb, description);
        d.add_target(added, "subscription", "NAME", "Name of the subscription");
        d.add_reason(added);
    }

    auto& replay = d.add("replay", verb::replay, "Deliver events of the journal to a subscription again");
    d.add_target(replay, "subscription", "NAME", "Name of the subscription");
    d.add_range(replay);
    d.add_field(replay, "--replay", "replay", "ID",
                "Id of the replay; a second replay with the same id does not deliver an event again");
    d.add_bulk(replay);

    auto& resend = d.add("resend", verb::resend, "Send events of the journal to a subscription at the broker again");
    d.add_target(resend, "subscription", "NAME", "Name of the subscription");
    d.add_range(resend);
    d.add_bulk(resend);

    d.add("drain", verb::drain, "Drain this server's messages from the broker, before switching to another bus adapter");
}

void add_dead_letter_commands(declarations& d, command& parsed_command) {
    auto& list = d.add("dead-letters", verb::dead_letters, "List the dead letters");
    d.add_ids(list);
    d.add_dead_letter_filter(list);
    d.add_page(list);
    list.add_flag("--groups", parsed_command.is_grouped, "List groups of similar errors instead");

    auto& retry = d.add("retry", verb::retry, "Deliver dead letters again");
    d.add_ids(retry);
    d.add_dead_letter_filter(retry);
    d.add_bulk(retry);

    auto& discard = d.add("discard", verb::discard, "Move dead letters to the archive; --reason is required");
    d.add_ids(discard);
    d.add_dead_letter_filter(discard);
    d.add_bulk(discard);

    auto& edit = d.add("edit", verb::edit, "Edit the data of a dead letter in $EDITOR, and publish the corrected event");
    d.add_target(edit, "id", "ID", "Id of the dead letter");
    d.add_field(edit, "--data", "data", "JSON",
                "Corrected data, if no editor is to be started: JSON, @FILE, or - for standard input");
    d.add_reason(edit);
}

void add_operation_commands(declarations& d) {
    auto& progress = d.add("progress", verb::progress, "Show the progress of a retry, discard, replay or resend until it ends");
    d.add_target(progress, "id", "ID", "Id of the action; a command that is interrupted prints the id of its action");
    auto& cancel = d.add("cancel", verb::cancel, "Cancel a retry, discard, replay or resend; what it has done remains done");
    d.add_target(cancel, "id", "ID", "Id of the action; a command that is interrupted prints the id of its action");
}

} // namespace

void add_commands(CLI::App& events, command& parsed_command, const std::function<void(CLI::App&)>& add_common) {
    events.require_subcommand(1);
    declarations d{events, parsed_command, add_common};
    add_log_commands(d);
    add_subscription_commands(d, parsed_command);
    add_dead_letter_commands(d, parsed_command);
    add_operation_commands(d);
}

} // namespace atrium::event_commands
