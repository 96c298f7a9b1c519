"""2,000 connections each pipeline 20 requests for a page of 1,000 orders and do not read the responses."""

import json
from contextlib import suppress

from frame import large_responses

QUICK = False
CONNECTIONS = 2000
REQUEST = b"GET /orders/?limit=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n"


def prepare(scene):
    large_responses.prepare(scene.server)
    _, _, body = scene.server.request("GET", "/orders/?limit=1000")
    scene.note("a page", f"{len(body) // 1024} KiB, {len(json.loads(body))} orders")


def attack(scene):
    for _ in range(CONNECTIONS):
        with suppress(OSError):
            scene.connect(receive_buffer=4096).sendall(REQUEST * 20)
    scene.hold(10)
