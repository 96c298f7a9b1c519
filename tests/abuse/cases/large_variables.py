"""Ten WebSockets each send 100 queries whose variables are lists of 800 KB, and read nothing."""

import threading
from contextlib import suppress

from frame import large_responses
from frame.server import Failure

QUICK = False
SETTINGS = ["graphql.budget.connection=0ms"]  # this attack is on memory only
SOCKETS = 10
QUERY = "query ($ids: [ID!]) { allOrders(ids: $ids, first: 1) { id } }"
IDS = [1] * 400_000


def prepare(scene):
    large_responses.prepare(scene.server)


def attack(scene):
    def send(socket):
        with suppress(OSError, Failure):
            for number in range(100):
                socket.subscribe(str(number), QUERY, {"ids": IDS})

    threads = []
    for _ in range(SOCKETS):
        socket = scene.web_socket(receive_buffer=4096)
        socket.begin()
        threads.append(threading.Thread(target=send, args=(socket,), daemon=True))
        threads[-1].start()
    scene.hold(15)
