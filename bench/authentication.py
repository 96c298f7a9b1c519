"""Compares the processor time of requests with a token with that of requests to a server without authentication.

In each round both kinds of server are measured one after the other, in an order that alternates from round to round.
"""

import statistics
import subprocess

from builds import WARM_UP, processor_seconds
from load import wrk
from servers import ATRIUM, atrium, new_folder, running, seed

LOADS = {"get_users": "`GET /users/?limit=100`", "post_users": "`POST /users/`"}
MODES = ("none", "token")


def create_token(folder):
    command = [ATRIUM, "token", "create", "--set", f"storage.path={folder}/atrium.db", "--name", "bench",
               "--scope", "users:read", "--scope", "users:write"]  # fmt: skip
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def measure_microseconds_per_request(mode, load, seconds):
    with new_folder() as folder:
        with running(atrium(), folder) as (port, _, _):
            seed(port)
        token = create_token(folder) if mode == "token" else None
        with running(atrium(f"auth.mode={mode}"), folder) as (port, process, _):
            wrk(port, load, "warm", WARM_UP, token)
            seconds_before = processor_seconds(process.pid)
            figures = wrk(port, load, "load", seconds, token)
            return (processor_seconds(process.pid) - seconds_before) / figures["requests"] * 1e6


def authentication(options):
    """Returns Markdown with the medians of all rounds."""
    lines = ["\n| request | without authentication, µs | with a token, µs | a token costs |", "|---|---:|---:|---:|"]
    for load, title in LOADS.items():
        costs = {mode: [] for mode in MODES}
        for round_ in range(options.rounds):
            for mode in MODES if round_ % 2 else reversed(MODES):
                costs[mode].append(measure_microseconds_per_request(mode, load, options.seconds))
        without, with_token = (statistics.median(costs[mode]) for mode in MODES)
        lines.append(f"| {title} | {without:.2f} | {with_token:.2f} | {(with_token / without - 1) * 100:+.1f} % |")
    return "\n".join(lines)


PARTS = {"authentication": authentication}
NEEDED = {"authentication": [ATRIUM]}
