"""One WebSocket opens 100 subscriptions whose response to an event has 22 MiB, and reads nothing while events come."""

import json

from frame import large_responses

QUICK = False


def prepare(scene):
    large_responses.prepare(scene.server)


def attack(scene):
    socket = scene.web_socket(receive_buffer=4096)
    socket.begin()
    for number in range(100):
        socket.subscribe(str(number), f"subscription {{ orderCreated {{ {large_responses.SELECTION} }} }}")
    scene.hold(1)
    order = json.dumps({"username": large_responses.NAME, "product_name": "green tea"})
    for _ in range(5):
        scene.server.request("POST", "/orders/", order, {"Content-Type": "application/json"})
    scene.hold(15)
