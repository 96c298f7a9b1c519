"""Compares the processor time of requests with a token with that of requests to a server without authentication.

In each round both kinds of server are measured one after the other, in an order that alternates from round to round.
"""

import subprocess

from builds import medians_in_turn, microseconds_per_request
from servers import ATRIUM, atrium, new_folder, running, seed

LOADS = {"get_users": "`GET /users/?limit=100`", "post_users": "`POST /users/`"}
MODES = ("none", "token")


def create_token(folder):
    command = [ATRIUM, "token", "create", "--set", f"storage.path={folder}/atrium.db", "--name", "bench",
               "--scope", "users:read", "--scope", "users:write"]  # fmt: skip
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def measure_mode(mode, load, seconds):
    with new_folder() as folder:
        with running(atrium(), folder) as (port, _, _):
            seed(port)
        token = create_token(folder) if mode == "token" else None
        with running(atrium(f"auth.mode={mode}"), folder) as (port, process, _):
            return microseconds_per_request(port, process, load, seconds, token)


def authentication(options):
    """Returns Markdown with the medians of all rounds."""
    lines = ["\n| request | without authentication, µs | with a token, µs | a token costs |", "|---|---:|---:|---:|"]
    for load, title in LOADS.items():
        without, with_token = medians_in_turn(lambda mode: measure_mode(mode, load, options.seconds), MODES, options.rounds)
        lines.append(f"| {title} | {without:.2f} | {with_token:.2f} | {(with_token / without - 1) * 100:+.1f} % |")
    return "\n".join(lines)


PARTS = {"authentication": authentication}
NEEDED = {"authentication": [ATRIUM]}
