#!/bin/sh
# The functions of the maintainer scripts of the Debian package: cmake/package.cmake copies them into each script.

backups=/var/backups/atrium

# Runs the installed program as the user of the service, with the service's settings.
run_atrium() {
    (
        set -a
        # shellcheck disable=SC1091
        [ ! -f /etc/default/atrium ] || . /etc/default/atrium
        cd /
        exec runuser -u atrium -- /usr/bin/atrium "$@" --config /etc/atrium/config.toml
    )
}

count_of_backups() {
    (
        ATRIUM_UPGRADE_BACKUPS=
        # shellcheck disable=SC1091
        [ ! -f /etc/default/atrium ] || . /etc/default/atrium
        printf '%s\n' "${ATRIUM_UPGRADE_BACKUPS:-3}"
    )
}

# Removes all but the newest $1 backups of upgrades; their names contain the time. Other files are left alone.
remove_old_backups() {
    find "$backups" -maxdepth 1 -type f -name 'before-upgrade-*.db' | sort | head -n "-$1" | while read -r old; do
        rm -f -- "$old"
        echo "atrium: removed the old backup $old"
    done
}

# back_up VERSION: copies the database as it was used by that version, before another version migrates it.
back_up() {
    count=$(count_of_backups)
    case "$count" in
    0) return 0 ;;
    *[!0-9]*)
        echo "atrium: ATRIUM_UPGRADE_BACKUPS in /etc/default/atrium must be a number, but is '$count'" >&2
        return 1
        ;;
    esac
    install -d -o atrium -g atrium -m 700 "$backups" || return 1
    file="$backups/before-upgrade-$(date -u +%Y%m%dT%H%M%SZ)-of-$1.db"
    if ! run_atrium backup "$file" --if-exists; then
        echo "atrium: there is no backup, so the upgrade does not continue; nothing has been changed in the database." >&2
        echo "atrium: remove the cause and try again, or upgrade without a backup: ATRIUM_UPGRADE_BACKUPS=0 in" \
            "/etc/default/atrium" >&2
        return 1
    fi
    remove_old_backups "$count"
}
