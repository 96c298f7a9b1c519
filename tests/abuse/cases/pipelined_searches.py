"""6 connections each send 64 pipelined searches that match 1,000,000 users."""

from frame import many_users

QUICK = False
REQUESTS = b"GET /users/?search=u&limit=1 HTTP/1.1\r\nHost: localhost\r\n\r\n" * 64


def prepare(scene):
    many_users.prepare(scene.server, 1_000_000)


def attack(scene):
    for _ in range(6):
        scene.connect().sendall(REQUESTS)
    scene.hold(20)
