"""Runs a module of this folder in a separate process, so that the attacker's work does not distort the measured times."""

import json
import subprocess
import sys
from pathlib import Path

ABUSE = Path(__file__).resolve().parent.parent


class OwnProcess:
    """Runs a module until `stop`, which closes the standard input of the process and reads the figures that it prints."""

    def __init__(self, module, *arguments):
        command = [sys.executable, "-B", "-m", module, *arguments]
        self._process = subprocess.Popen(command, cwd=ABUSE, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def stop(self):
        out, _ = self._process.communicate(timeout=120)
        return json.loads(out)


def summarize(times):
    """Returns the number, the percentiles and the maximum of these latencies in milliseconds."""
    ordered = sorted(times) or [0.0]
    quantile = lambda share: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)
    return {"count": len(times), "p50": quantile(0.5), "p99": quantile(0.99), "max": quantile(1)}
