"""500 connections send bodies of 1 MiB without the last byte."""

from frame.server import MEBIBYTE

QUICK = False
CONNECTIONS = 500


def attack(scene):
    head = f"POST /users/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {MEBIBYTE}\r\n\r\n"
    request = head.encode() + b" " * (MEBIBYTE - 1)
    for _ in range(CONNECTIONS):
        scene.send_or_be_refused(scene.connect(), request)
    scene.hold(5)
