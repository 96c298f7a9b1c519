"""One WebSocket opens 100 subscriptions whose response to an event has 22 MiB, and reads nothing while events arrive."""

import json

from frame import large_responses

QUICK = False
SETTINGS = ["graphql.budget.connection=0ms"]  # this attack is on memory only


def prepare(scene):
    large_responses.prepare(scene.server)


def attack(scene):
    large_responses.subscribe_unread(scene, f"subscription {{ orderCreated {{ {large_responses.SELECTION} }} }}")
    scene.hold(1)
    order = json.dumps({"username": large_responses.NAME, "product_name": "green tea"})
    for _ in range(5):
        scene.server.request("POST", "/orders/", order, {"Content-Type": "application/json"})
    scene.hold(15)
