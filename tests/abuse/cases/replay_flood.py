"""2,000 GraphQL subscriptions on one WebSocket (228 KiB of requests) ask for a topic that no event has. For each of them, the
server searches 20,000 old events."""

import http.client
import json

QUICK = True
EVENTS = 20_000
REPLAYS = 2_000


def prepare(scene):
    connection = http.client.HTTPConnection("127.0.0.1", scene.server.port, timeout=60)
    for number in range(EVENTS):
        body = json.dumps({"username": f"user{number}", "email": f"user{number}@example.com"})
        connection.request("POST", "/users/", body, {"Content-Type": "application/json"})
        connection.getresponse().read()
    connection.close()


def attack(scene):
    socket = scene.web_socket()
    socket.begin()
    for number in range(REPLAYS):
        socket.subscribe(str(number), 'subscription{events(topic:"no.such",after:0){seq}}')
    scene.hold(5)
    scene.note("followers", int(scene.metric("atrium_events_followers")))
