"""60 connections each send a GraphQL query whose response has 22 MiB, and do not read the response."""

from frame import large_responses

QUICK = True
CONNECTIONS = 60


def prepare(scene):
    large_responses.prepare(scene.server)


def attack(scene):
    for _ in range(CONNECTIONS):
        scene.connect(receive_buffer=4096).sendall(large_responses.query_request())
    scene.hold(15)
