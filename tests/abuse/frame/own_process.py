"""A module of this folder as a program in a process of its own, so that the attacker's work does not distort its clock."""

import json
import subprocess
import sys
from pathlib import Path

ABUSE = Path(__file__).resolve().parent.parent


class OwnProcess:
    """Runs `MODULE.py` with these arguments until `stop`: the end of its standard input asks it for its figures as JSON."""

    def __init__(self, module, *arguments):
        command = [sys.executable, "-B", "-m", module, *arguments]
        self._process = subprocess.Popen(command, cwd=ABUSE, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def stop(self):
        out, _ = self._process.communicate(timeout=120)
        return json.loads(out)


def summarize(times):
    """The figures of these milliseconds."""
    ordered = sorted(times) or [0.0]
    at = lambda share: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)
    return {"count": len(times), "p50": at(0.5), "p99": at(0.99), "max": at(1)}
