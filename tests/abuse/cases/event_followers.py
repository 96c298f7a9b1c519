"""20,000 subscriptions to one topic, on 200 WebSockets (fewer if memory runs out), while 50 users are created."""

import http.client
import json

from frame.server import Failure

QUICK = True
SOCKETS = 200
SUBSCRIPTIONS = 100  # on each WebSocket
USERS = 50


def follow(scene):
    """Returns how many WebSockets the server had memory for."""
    for opened in range(SOCKETS):
        try:
            socket = scene.web_socket()
        except Failure:
            return opened
        socket.begin()
        for number in range(SUBSCRIPTIONS):
            socket.subscribe(str(number), 'subscription{events(topic:"orders.#"){seq}}')
    return SOCKETS


def attack(scene):
    opened = follow(scene)
    scene.note("WebSockets", opened)
    scene.expect(opened > 0, "memory for at least one WebSocket")
    connection = http.client.HTTPConnection("127.0.0.1", scene.server.port, timeout=60)
    before = scene.server.processor_time()
    for number in range(USERS):
        body = json.dumps({"username": f"user{number}", "email": f"user{number}@example.com"})
        connection.request("POST", "/users/", body, {"Content-Type": "application/json"})
        connection.getresponse().read()
    per_event = (scene.server.processor_time() - before) / USERS
    scene.note("processor time per event", f"{per_event * 1000:.2f} ms")
    scene.expect(per_event < 0.02, "at most 20 ms of processor time for an event that no subscription selects")
    connection.close()
