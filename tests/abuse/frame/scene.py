"""The environment of a case: the server, connections to it, and a list of findings."""

import socket
import time
from contextlib import suppress

from .server import MEBIBYTE, connect
from .web_socket import WebSocket


class Scene:
    """Collects findings instead of raising them, so that one run reports all of them."""

    def __init__(self, server):
        self.server = server
        self.sampler = None  # set when the attack begins
        self.findings = []
        self.notes = []
        self._open = []

    def connect(self, receive_buffer=None):
        """Returns a connection that stays open until the case ends."""
        self._open.append(connect(self.server.port, receive_buffer))
        return self._open[-1]

    def web_socket(self, path="/graphql/", receive_buffer=None):
        client = WebSocket(self.server.port, path, receive_buffer)
        self._open.append(client.socket)
        return client

    def send_or_be_refused(self, connection, data):
        """Sends all data, unless the server closes the connection before it has received all."""
        with suppress(OSError):
            connection.sendall(data)

    def hold(self, seconds, every_second=None):
        """Keeps the attack going for this time, or until the server has ended."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.server.runs():
            if every_second:
                every_second()
            time.sleep(min(1.0, max(0.0, end - time.monotonic())))

    def metric(self, name):
        """Returns the value of a metric; 0 if the server has no such metric."""
        return self.server.metrics().get(name, 0.0)

    def note(self, name, value):
        """Adds a figure to the report."""
        self.notes.append(f"{name}: {value}")

    def expect(self, is_met, expectation):
        """Adds a finding if the expectation is not met. Returns whether it is met."""
        if not is_met:
            self.findings.append(f"expected: {expectation}")
        return bool(is_met)

    def expect_eventually(self, expectation, condition, timeout=30):
        """Waits until `condition` returns true, and adds a finding if that takes longer than `timeout` seconds."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if condition():
                return True
            time.sleep(0.1)
        return self.expect(False, f"{expectation}, within {timeout} s")

    def limit(self, name, value, max_value):
        """Adds a number of bytes to the report, and expects it to be at most `max_value`."""
        self.note(name, f"{value // MEBIBYTE} MiB")
        self.expect(value <= max_value, f"{name} at most {max_value // MEBIBYTE} MiB, was {value // MEBIBYTE} MiB")

    def close(self):
        for each in self._open:
            with suppress(OSError):
                each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                each.close()
