#!/bin/sh
# The functions of the maintainer scripts of the Debian package: cmake/package.cmake copies them into each script.
#
# They run as root, but the folder of the backups belongs to the user atrium, and may contain a file of any name. So root never
# uses a name that it has found there, and never opens or removes a file in it.

backups=/var/backups/atrium

# Exports the settings in /etc/default/atrium. The file is read as systemd reads it, and is not executed, because a value may
# contain characters that have a meaning for the shell.
read_environment() {
    [ -f /etc/default/atrium ] || return 0
    while IFS= read -r line || [ -n "$line" ]; do
        name=${line%%=*}
        value=${line#*=}
        case "$line" in
        ATRIUM_*=*) ;;
        *) continue ;;
        esac
        case "$name" in
        *[!A-Z0-9_]*) continue ;;
        esac
        case "$value" in
        \"*\" | \'*\')
            value=${value#?}
            value=${value%?}
            ;;
        esac
        export "$name=$value"
    done </etc/default/atrium
}

# Runs a command as the user of the service, with the service's settings.
run_as_service() (
    read_environment
    cd /
    exec runuser -u atrium -- "$@"
)

count_of_backups() (
    ATRIUM_UPGRADE_BACKUPS=3
    read_environment
    printf '%s\n' "$ATRIUM_UPGRADE_BACKUPS"
)

# Removes all but the newest $1 backups of upgrades; their names contain the time. Other files are left alone.
remove_old_backups() {
    # shellcheck disable=SC2016 # expanded by the inner shell
    run_as_service sh -c 'find "$1" -maxdepth 1 -type f -name "before-upgrade-*.db" -print0 | sort -z | head -z -n "-$2" |
        xargs -0 -r rm -f --' sh "$backups" "$1"
}

# back_up VERSION: copies the database of the version VERSION before another version migrates it.
back_up() {
    count=$(count_of_backups)
    case "$count" in
    0) return 0 ;;
    '' | *[!0-9]*)
        echo "atrium: ATRIUM_UPGRADE_BACKUPS in /etc/default/atrium must be a number, but is '$count'" >&2
        return 1
        ;;
    esac
    file="$backups/before-upgrade-$(date -u +%Y%m%dT%H%M%SZ)-of-$1.db"
    if ! install -d -o atrium -g atrium -m 700 "$backups" ||
        ! run_as_service /usr/bin/atrium backup "$file" --if-exists --config /etc/atrium/config.toml; then
        echo "atrium: there is no backup, so the upgrade does not continue; nothing has been changed in the database." >&2
        echo "atrium: correct the error above and try again, or upgrade without a backup: ATRIUM_UPGRADE_BACKUPS=0 in" \
            "/etc/default/atrium" >&2
        return 1
    fi
    remove_old_backups "$count"
}
