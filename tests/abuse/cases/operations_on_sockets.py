"""40 WebSockets each run 100 GraphQL operations over 1,000 orders at the same time, and read the responses."""

import threading
from contextlib import suppress

from frame import large_responses

QUICK = False
SETTINGS = ["graphql.budget.connection=0ms"]  # this attack is on memory only
QUERY = "{ order(id: 1) { user { orders(first: 1000) { edges { node { id productName user { username } } } } } } }"


def prepare(scene):
    large_responses.prepare(scene.server)
    socket = scene.web_socket()
    socket.begin()
    socket.subscribe("1", QUERY)
    response = socket.receive_json()
    is_valid = response["type"] == "next" and "errors" not in response["payload"]
    scene.expect(is_valid, f"orders in response to the query: {response}"[:500])


def read_all(socket):
    with suppress(OSError):
        while socket.recv(1 << 20):
            pass


def attack(scene):
    for _ in range(40):
        client = scene.web_socket()
        client.begin()
        threading.Thread(target=read_all, args=(client.socket,), daemon=True).start()
        for number in range(100):
            client.subscribe(str(number), QUERY)
    scene.hold(10)
