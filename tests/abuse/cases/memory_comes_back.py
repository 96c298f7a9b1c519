"""In three waves, 40 connections request 22 MiB each, read nothing and are closed. Then the memory must be returned."""

from frame import large_responses
from frame.server import MEBIBYTE

QUICK = True
WAVES = 3
CONNECTIONS = 40


def prepare(scene):
    large_responses.prepare(scene.server)


def attack(scene):
    for _ in range(WAVES):
        wave = [scene.connect(receive_buffer=4096) for _ in range(CONNECTIONS)]
        for each in wave:
            each.sendall(large_responses.query_request())
        scene.hold(4)
        for each in wave:
            each.close()
        scene.expect_eventually("the connections are gone", lambda: scene.metric("atrium_http_connections") <= 3)
    scene.expect_eventually("the memory is returned", lambda: scene.server.rss() < 100 * MEBIBYTE)
    scene.note("RSS afterwards", f"{scene.server.rss() // MEBIBYTE} MiB")
