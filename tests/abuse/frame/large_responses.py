"""Data and a selection whose GraphQL response has about 22 MiB, within all default limits."""

import http.client
import json

from .server import Failure

NAME = "\U0001f375" * 100  # 400 bytes
ALIAS = "long" * 24  # a longer alias would count as several fields
ORDERS = 1000
ALIASES = 46  # for each of 1,000 orders; with `edges`, `node` and `user` around them, their cost is just within graphql.cost
MIN_RESPONSE = ORDERS * ALIASES * (len(NAME.encode()) + len(ALIAS) + 8)  # bytes

_NAMES = " ".join(f"{ALIAS}{number}: username" for number in range(ALIASES))
SELECTION = f"user {{ orders(first: {ORDERS}) {{ edges {{ node {{ user {{ {_NAMES} }} }} }} }} }}"
QUERY = f"{{ order(id: 1) {{ {SELECTION} }} }}"
MUTATION = f"mutation {{ updateOrder(id: 1, input: {{ quantity: 2 }}) {{ {SELECTION} }} }}"


def prepare(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def create(path, fields):
        connection.request("POST", path, json.dumps(fields), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 201:
            raise Failure(f"POST {path} returned {answer.status}: {text.decode()}")

    create("/users/", {"username": NAME, "email": "tea@example.com"})
    for _ in range(ORDERS):
        create("/orders/", {"username": NAME, "product_name": "green tea"})
    connection.request("POST", "/graphql/", json.dumps({"query": QUERY}), {"Content-Type": "application/json"})
    answer = connection.getresponse().read()
    if len(answer) < MIN_RESPONSE:
        raise Failure(f"the large query returned only {len(answer)} bytes: {answer[:500].decode()}")
    connection.close()


def subscribe_unread(scene, document):
    """Sends 100 operations on one WebSocket and reads nothing."""
    socket = scene.web_socket(receive_buffer=4096)
    socket.begin()
    for number in range(100):
        socket.subscribe(str(number), document)


def query_request():
    body = json.dumps({"query": QUERY}).encode()
    return (
        b"POST /graphql/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
        + str(len(body)).encode() + b"\r\n\r\n" + body
    )
