"""Compares another build of Atrium with this one by processor time per request, for bench/run --against.

Processor time per request varies less than throughput, because other programs on the machine hardly affect it. In each round
both builds are measured, in an order that alternates from round to round. The reported ratio is that of the two medians.
"""

import os
import statistics
from pathlib import Path

from graphql import fill
from load import wrk
from servers import ATRIUM, Server, fail, new_folder, running, seed

WARM_UP = 1  # seconds
# For each load, the function that fills the database before the load.
LOADS = {"get_users": seed, "post_users": seed, "post_orders": seed, "graphql": fill}


def server_of_build(name, binary):
    def command(port, folder):
        empty_config = folder / "config.toml"  # the other build may not know all keys of the repository's file
        empty_config.touch()
        return [binary, "serve", "--config", empty_config, "--set", f"http.port={port}", "--set", f"storage.path={folder}/atrium.db"]

    return Server(name, command)


def processor_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def microseconds_per_request(port, process, load, seconds, token=None):
    """Loads a running server, after a warm-up, and returns the processor time that it takes for a request."""
    wrk(port, load, "warm", WARM_UP, token)
    seconds_before = processor_seconds(process.pid)
    figures = wrk(port, load, "load", seconds, token)
    return (processor_seconds(process.pid) - seconds_before) / figures["requests"] * 1e6


def medians_in_turn(measure, subjects, rounds):
    """Returns the median of `measure(subject)` for each subject. The order of the subjects alternates from round to round."""
    costs = {subject: [] for subject in subjects}
    for round_ in range(rounds):
        for subject in subjects if round_ % 2 else reversed(subjects):
            costs[subject].append(measure(subject))
    return [statistics.median(figures) for figures in costs.values()]


def measure_build(server, load, seconds):
    with new_folder() as folder, running(server, folder) as (port, process, _):
        LOADS[load](port)
        return microseconds_per_request(port, process, load, seconds)


def compare(other, options):
    """Returns Markdown: the processor time of each kind of request with both builds, and the difference in percent."""
    if not other.exists():
        fail(f"{other}, the build to compare with, is missing")
    servers = server_of_build("other", other), server_of_build("this", ATRIUM)
    lines = ["", "| request | other, µs | this, µs | this is |", "|---|---:|---:|---:|"]
    for load in LOADS:
        theirs, ours = medians_in_turn(lambda server: measure_build(server, load, options.seconds), servers, options.rounds)
        lines.append(f"| {load} | {theirs:.2f} | {ours:.2f} | {(ours / theirs - 1) * 100:+.1f} % |")
    return "\n".join(lines)
