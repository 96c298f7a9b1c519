"""5,000 connections send the first byte of a request and nothing more."""

from frame.server import MEBIBYTE

QUICK = True
CONNECTIONS = 5000
MAX_RSS = 128 * MEBIBYTE


def attack(scene):
    for _ in range(CONNECTIONS):
        scene.send_or_be_refused(scene.connect(), b"G")
    scene.hold(5)
