"""Limits the memory of a process as a container does: in a new child group of this process's control group (version 1 or 2).
Not every machine permits this."""

import os
import time
from contextlib import suppress
from pathlib import Path


def _own_group():
    """Returns (folder of this process's control group for memory, version)."""
    root = Path("/sys/fs/cgroup")
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if "memory" in controllers.split(","):
            return root / "memory" / path.lstrip("/"), 1
        if not controllers and (root / "cgroup.controllers").exists():
            return root / path.lstrip("/"), 2
    raise OSError("no control group for memory is mounted")


class Cgroup:
    """A control group with a memory limit in bytes. The constructor raises OSError if the group cannot be created."""

    def __init__(self, limit):
        parent, self._version = _own_group()
        self._folder = parent / f"atrium-abuse-{os.getpid()}"
        self._folder.mkdir()
        try:
            self._write("memory.max" if self._version == 2 else "memory.limit_in_bytes", limit)
        except OSError:
            self._folder.rmdir()
            raise

    def _write(self, name, value):
        (self._folder / name).write_text(str(value))

    def enter(self):
        """Moves the calling process into the group."""
        self._write("cgroup.procs", os.getpid())

    def peak(self):
        """Returns the peak use in bytes, including kernel memory."""
        name = "memory.peak" if self._version == 2 else "memory.max_usage_in_bytes"
        with suppress(OSError):
            return int((self._folder / name).read_text())
        return 0

    def close(self):
        for _ in range(100):  # a process that has ended stays in the group for a moment
            with suppress(OSError):
                self._folder.rmdir()
                return
            time.sleep(0.05)
