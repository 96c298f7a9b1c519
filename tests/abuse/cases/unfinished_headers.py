"""5,000 connections send 15 KiB of a header and nothing more."""

QUICK = True
CONNECTIONS = 5000


def attack(scene):
    header = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Filling: " + b"x" * 15_000
    for _ in range(CONNECTIONS):
        scene.send_or_be_refused(scene.connect(), header)
    scene.hold(5)
