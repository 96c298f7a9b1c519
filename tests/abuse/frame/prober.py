"""An honest client during the attack, in a separate process.

As a program, in the folder tests/abuse: `python3 -m frame.prober PORT`. It runs until standard input ends and then prints
its figures as JSON.
"""

import json
import select
import sys
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

from .own_process import OwnProcess, summarize

PAUSE = 0.02  # seconds between two rounds
PATHS = {"livez": "/livez", "read": "/users/?limit=1"}


@dataclass(frozen=True)
class Latencies:
    """Latencies in milliseconds of the answered requests. `refused` counts the responses with status 503. `failed` counts
    the responses with a status other than 200 and 503, and the requests without a response."""

    count: int
    p50: float
    p99: float
    max: float
    refused: int
    failed: int


class Prober:
    """Runs from its construction until `stop`, which returns `Latencies` by name: "livez" and "read"."""

    def __init__(self, port):
        self._process = OwnProcess("frame.prober", str(port))

    def stop(self):
        return {name: Latencies(**figures) for name, figures in self._process.stop().items()}


class _Probe:
    """Requests one path: on a connection that stays open, as clients do, or on a new one each time, as orchestrators do."""

    def __init__(self, port, path, keeps_connection):
        self._port = port
        self._path = path
        self._keeps_connection = keeps_connection
        self._connection = None
        self._times = []
        self._refused = 0
        self._failed = 0

    def send(self):
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
        return {**summarize(self._times), "refused": self._refused, "failed": self._failed}


def main():
    port = int(sys.argv[1])
    probes = {name: _Probe(port, path, name != "livez") for name, path in PATHS.items()}
    while not select.select([sys.stdin], [], [], PAUSE)[0]:
        for probe in probes.values():
            probe.send()
    print(json.dumps({name: probe.figures() for name, probe in probes.items()}))


if __name__ == "__main__":
    main()
