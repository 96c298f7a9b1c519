"""Runs wrk for bench/run, and renders the figures as Markdown."""

import os
import re
import statistics
import subprocess

from servers import ROOT, fail

CONNECTIONS, THREADS = 64, 2


def wrk(port, scenario, tag, seconds, token=None):
    environment = {**os.environ, **({"ATRIUM_BENCH_TOKEN": token} if token else {})}
    output = subprocess.run(
        ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(ROOT / "bench/load.lua"),
         f"http://127.0.0.1:{port}", "--", scenario, tag],
        check=True, capture_output=True, text=True, timeout=seconds + 30, env=environment,
    ).stdout  # fmt: skip
    figures = {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", output)}
    if figures["refused"] or figures["failed"] or not figures["requests"]:
        fail(f"{scenario} had failed requests, or none at all:\n{output}")
    return figures


def table(title, rounds):
    """Returns Markdown: `rounds` has the figures of every round for each server, Atrium first."""
    lines = [
        f"\n{title}\n",
        "| server | requests/s | p50 ms | p99 ms | Atrium is |",
        "|---|---:|---:|---:|---:|",
    ]
    ours = None
    for server, figures in rounds.items():
        per_second = statistics.median(run["requests"] / run["microseconds"] * 1e6 for run in figures)
        p50, p99 = (statistics.median(run[key] for run in figures) / 1000 for key in ("p50", "p99"))
        ratio = f"{ours / per_second:.2f} times as fast" if ours else ""
        ours = ours or per_second
        lines.append(f"| {server.name} | {per_second:,.0f} | {p50:.2f} | {p99:.2f} | {ratio} |")
    return "\n".join(lines)
