"""20,000 subscriptions to events of one topic, on 200 WebSockets, while 50 users are created."""

import http.client
import json

QUICK = True
SOCKETS = 200
SUBSCRIPTIONS = 100  # on each
USERS = 50


def attack(scene):
    for _ in range(SOCKETS):
        socket = scene.web_socket()
        socket.begin()
        for number in range(SUBSCRIPTIONS):
            socket.subscribe(str(number), 'subscription{events(topic:"orders.#"){seq}}')
    connection = http.client.HTTPConnection("127.0.0.1", scene.server.port, timeout=60)
    before = scene.server.processor_time()
    for number in range(USERS):
        body = json.dumps({"username": f"user{number}", "email": f"user{number}@example.com"})
        connection.request("POST", "/users/", body, {"Content-Type": "application/json"})
        connection.getresponse().read()
    each = (scene.server.processor_time() - before) / USERS
    scene.note("processor time an event", f"{each * 1000:.2f} ms")
    scene.expect(each < 0.02, "at most 20 ms of processor time for an event that no subscription wants")
    connection.close()
