"""Clients in a separate process that send requests in a loop, and the latencies of each kind of request.

As a program: `load.py PORT LOADS`, with the loads as JSON. The program runs until its standard input ends, and then prints
its figures as JSON.
A load has a `name`, a number of `connections`, a `method`, a `path`, and optionally a `body`, in which `{n}` is replaced by a
number that no other request has.
"""

import json
import os
import selectors
import socket
import sys
import time
from dataclasses import dataclass

from .own_process import OwnProcess, summarize

CHUNK = 1 << 18
HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Figures:
    """Latencies in milliseconds of the answered requests. `failed` counts the requests that got no response with status 2xx."""

    count: int
    p50: float
    p99: float
    max: float
    failed: int


class Load:
    """Sends the requests of its loads from its construction until `stop`, which returns the `Figures` by name of the load."""

    def __init__(self, port, loads):
        self._process = OwnProcess("frame.load", str(port), json.dumps(loads))

    def stop(self):
        return {name: Figures(**figures) for name, figures in self._process.stop().items()}


class _Client:
    """One connection that sends its next request as soon as it has received the response to the previous one."""

    def __init__(self, port, load, numbers):
        self._load = load
        self._numbers = numbers
        self.times = []
        self.failed = 0
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._send()

    def _send(self):
        body = self._load.get("body", "").replace("{n}", str(next(self._numbers))).encode()
        head = f"{self._load['method']} {self._load['path']} HTTP/1.1\r\nHost: localhost\r\n"
        if body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        self._head = bytearray()
        self._remaining = None  # bytes of the response that are still to come; unknown before the end of its head
        self._begin = time.monotonic()
        self.socket.sendall(head.encode() + b"\r\n" + body)

    def receive(self):
        """Receives a piece of the response. Returns whether the connection can still be used."""
        try:
            piece = self.socket.recv(CHUNK)
            if piece:
                self._take(piece)
                return True
        except ConnectionError:
            pass
        self.failed += 1
        return False

    def _take(self, piece):
        if self._remaining is None:
            self._head += piece
            end = self._head.find(HEAD_END)
            if end < 0:
                return
            self._remaining = self._body_length(end) - (len(self._head) - end - len(HEAD_END))
        else:
            self._remaining -= len(piece)
        if self._remaining == 0:
            self.times.append((time.monotonic() - self._begin) * 1000)
            self.failed += self._head[9:10] != b"2"
            self._send()

    def _body_length(self, end_of_head):
        for line in bytes(self._head[:end_of_head]).split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                return int(value)
        return 0


def _figures(clients):
    times = [each for client in clients for each in client.times]
    return {**summarize(times), "failed": sum(client.failed for client in clients)}


def _numbers():
    """Yields numbers that no earlier load on the same server has used."""
    number = os.getpid() * 10**9
    while True:
        number += 1
        yield number


def main():
    port = int(sys.argv[1])
    numbers = _numbers()
    clients = {
        load["name"]: [_Client(port, load, numbers) for _ in range(load["connections"])] for load in json.loads(sys.argv[2])
    }
    events = selectors.DefaultSelector()
    events.register(sys.stdin, selectors.EVENT_READ)
    for client in (client for each in clients.values() for client in each):
        events.register(client.socket, selectors.EVENT_READ, client)
    is_over = False
    while not is_over:
        for key, _ in events.select():
            if key.data is None:
                is_over = True
            elif not key.data.receive():
                events.unregister(key.data.socket)
    print(json.dumps({name: _figures(each) for name, each in clients.items()}))


if __name__ == "__main__":
    main()
