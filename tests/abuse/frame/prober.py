"""An honest client beside the attack, in a process of its own, so that the attacker's work does not distort its clock.

As a program: `prober.py PORT`, until standard input ends; then it prints its figures as JSON.
"""

import json
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

PAUSE = 0.02  # seconds between two rounds
PATHS = {"livez": "/livez", "read": "/users/?limit=1"}


@dataclass(frozen=True)
class Latencies:
    """Milliseconds of the answered requests; `refused` had 503, `failed` had no answer."""

    count: int
    p50: float
    p99: float
    max: float
    refused: int
    failed: int


class Prober:
    """Runs from its construction until `stop`, which returns `Latencies` by name: "livez" and "read"."""

    def __init__(self, port):
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def stop(self):
        out, _ = self._process.communicate(timeout=120)
        return {name: Latencies(**figures) for name, figures in json.loads(out).items()}


class _Probe:
    """/livez on a new connection each time, as orchestrators ask; the read on one that is kept, as clients do."""

    def __init__(self, port, path, keeps_connection):
        self._port = port
        self._path = path
        self._keeps_connection = keeps_connection
        self._connection = None
        self._times = []
        self._refused = 0
        self._failed = 0

    def ask(self):
        begin = time.monotonic()
        try:
            if not self._connection:
                self._connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
            self._connection.request("GET", self._path)
            answer = self._connection.getresponse()
            answer.read()
            self._times.append((time.monotonic() - begin) * 1000)
            self._refused += answer.status == 503
            self._failed += answer.status not in (200, 503)
            if answer.will_close or not self._keeps_connection:
                self._close()
        except (OSError, HTTPException):
            self._failed += 1
            self._close()

    def _close(self):
        if self._connection:
            self._connection.close()
        self._connection = None

    def figures(self):
        times = sorted(self._times) or [0.0]
        at = lambda share: round(times[min(len(times) - 1, int(len(times) * share))], 1)
        return {"count": len(self._times), "p50": at(0.5), "p99": at(0.99), "max": at(1), "refused": self._refused,
                "failed": self._failed}


def main():
    port = int(sys.argv[1])
    probes = {name: _Probe(port, path, name != "livez") for name, path in PATHS.items()}
    while not select.select([sys.stdin], [], [], PAUSE)[0]:
        for probe in probes.values():
            probe.ask()
    print(json.dumps({name: probe.figures() for name, probe in probes.items()}))


if __name__ == "__main__":
    main()
