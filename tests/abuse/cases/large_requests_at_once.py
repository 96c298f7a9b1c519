"""32 connections send requests in loops: 1 MiB of JSON, a GraphQL query with 9,990 fields, or one whose response has 22 MiB."""

import http.client
import json
import threading
import time
from contextlib import suppress

from frame import large_responses

QUICK = False
CONNECTIONS = 32
SECONDS = 10
NUMBERS = "[" + ",".join(["1"] * 490_000) + "]"
BODIES = [
    ("/users/", '{"username":' + NUMBERS + "}"),
    ("/graphql/", '{"query":"{ __typename }","variables":{"a":' + NUMBERS + "}}"),
    ("/graphql/", json.dumps({"query": "{" + "__typename " * 9_990 + "}"})),
    ("/graphql/", json.dumps({"query": large_responses.QUERY})),
]


def prepare(scene):
    large_responses.prepare(scene.server)


def send_in_a_loop(port, path, body, end):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while time.monotonic() < end:
        with suppress(OSError, http.client.HTTPException):
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            connection.getresponse().read()
            continue
        connection.close()


def attack(scene):
    end = time.monotonic() + SECONDS
    clients = [
        threading.Thread(target=send_in_a_loop, args=(scene.server.port, *BODIES[i % len(BODIES)], end))
        for i in range(CONNECTIONS)
    ]
    for client in clients:
        client.start()
    scene.hold(SECONDS)
    for client in clients:
        client.join()
