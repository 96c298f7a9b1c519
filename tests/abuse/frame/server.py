"""The server under attack: the real program with a new database on a free port."""

import http.client
import os
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

MEBIBYTE = 1024 * 1024
TICKS = os.sysconf("SC_CLK_TCK")


class Failure(Exception):
    """The server did not behave as expected."""


class Server:
    """Runs until `close`. `cgroup` is the `Cgroup` for the server, or None."""

    def __init__(self, program, settings, cgroup=None):
        self._folder = tempfile.TemporaryDirectory(prefix="atrium-abuse-")
        self._log = Path(self._folder.name) / "log"
        self.database = Path(self._folder.name) / "atrium.db"
        self._cgroup = cgroup
        all_settings = ["http.port=0", "log.level=info", f"storage.path={self.database}", *settings]
        command = [str(program), "serve", *(word for each in all_settings for word in ("--set", each))]
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log, preexec_fn=self._enter
            )
        self.pid = self._process.pid
        self.port = self._wait_until_it_listens()

    def _enter(self):
        if self._cgroup:
            self._cgroup.enter()

    def _wait_until_it_listens(self):
        end = time.monotonic() + 30
        while time.monotonic() < end:
            for line in self.log().splitlines():
                if "listening on http://" in line:
                    return int(line.split("listening on http://")[1].split()[0].rsplit(":", 1)[1])
            if not self.runs():
                break
            time.sleep(0.02)
        raise Failure("the server did not start:\n" + self.log())

    def log(self):
        return self._log.read_text(errors="replace")

    def runs(self):
        return self._process.poll() is None

    def rss(self):
        """Returns the resident memory in bytes; 0 if the process has ended."""
        with suppress(OSError, StopIteration):
            lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
            return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) * 1024
        return 0

    def size_of_wal(self):
        """Returns the size of the database's write-ahead log in bytes."""
        return Path(f"{self.database}-wal").stat().st_size

    def processor_time(self):
        """Returns the processor time of all threads since the start in seconds; 0 if the process has ended."""
        with suppress(OSError):
            fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / TICKS
        return 0.0

    def request(self, method, path, body=None, headers=None, timeout=60):
        """Sends one request on a new connection and returns (status, headers, body)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def metrics(self):
        """Returns the values in /metrics by metric name, which includes the labels."""
        _, _, text = self.request("GET", "/metrics")
        rows = (line.rsplit(" ", 1) for line in text.decode().splitlines() if line and not line.startswith("#"))
        return {name: float(value) for name, value in rows}

    def close(self):
        """Stops the server; returns its exit status, or minus the number of the signal that ended it."""
        if self.runs():
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
        status = self._process.wait()
        self._folder.cleanup()
        return status


def connect(port, receive_buffer=None, timeout=60):
    """Returns a TCP connection to the server. With a small receive buffer, unread data stays at the server."""
    connection = socket.socket()
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.settimeout(timeout)
    connection.connect(("127.0.0.1", port))
    return connection
