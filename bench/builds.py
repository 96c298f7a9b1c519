"""Another build of Atrium beside this one, in bench/run --against: what a request costs each of them in processor time.

Processor time a request is steadier than throughput: it hardly depends on what else runs on the machine. Both builds take turns
within a round, the other one first in every second round, and the ratio is that of their medians.
"""

import os
import statistics
from pathlib import Path

from graphql import fill
from load import wrk
from servers import ATRIUM, Server, fail, new_folder, running, seed

WARM_UP = 1  # seconds
LOADS = {"get_users": seed, "post_users": seed, "post_orders": seed, "graphql": fill}  # each with what it needs in the database


def build(name, binary):
    def command(port, folder):
        defaults = folder / "config.toml"  # the repository's may have keys that the other build does not know
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
    """Markdown: the processor time of each kind of request, and how much more this build needs than the other one."""
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
