"""Compares another build of Atrium with this one by processor time per request, for bench/run --against.

Processor time per request varies less than throughput, because other programs on the machine hardly affect it. In each round
both builds are measured, in an order that alternates from round to round. The ratio is that of their medians.
"""

import os
import statistics
from pathlib import Path

from graphql import fill
from load import wrk
from servers import ATRIUM, Server, fail, new_folder, running, seed

WARM_UP = 1  # seconds
# Each load with the function that fills the database for it.
LOADS = {"get_users": seed, "post_users": seed, "post_orders": seed, "graphql": fill}


def build(name, binary):
    def command(port, folder):
        defaults = folder / "config.toml"  # the other build may not know all keys of the repository's file
        defaults.touch()
        return [binary, "serve", "--config", defaults, "--set", f"http.port={port}", "--set", f"storage.path={folder}/atrium.db"]

    return Server(name, command)


def processor_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def microseconds_a_request(server, load, seconds):
    with new_folder() as folder, running(server, folder) as (port, process, _):
        LOADS[load](port)
        wrk(port, load, "warm", WARM_UP)
        before = processor_seconds(process.pid)
        figures = wrk(port, load, "load", seconds)
        return (processor_seconds(process.pid) - before) / figures["requests"] * 1e6


def compare(other, options):
    """Returns Markdown: the processor time of each kind of request with both builds, and the difference in percent."""
    if not other.exists():
        fail(f"{other} is missing")
    servers = build("other", other), build("this", ATRIUM)
    lines = ["", "| request | other, µs | this, µs | this is |", "|---|---:|---:|---:|"]
    for load in LOADS:
        costs = {server: [] for server in servers}
        for round_ in range(options.rounds):
            for server in servers if round_ % 2 else reversed(servers):
                costs[server].append(microseconds_a_request(server, load, options.seconds))
        theirs, ours = (statistics.median(figures) for figures in costs.values())
        lines.append(f"| {load} | {theirs:.2f} | {ours:.2f} | {(ours / theirs - 1) * 100:+.1f} % |")
    return "\n".join(lines)
