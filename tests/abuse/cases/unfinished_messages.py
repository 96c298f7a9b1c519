"""500 WebSockets each send a message of 1 MiB without its end, and then a byte each second until the message's deadline."""

from contextlib import suppress

from frame.server import MEBIBYTE

QUICK = False
SOCKETS = 500
SETTINGS = ["http.web_socket.message_deadline=5s"]


def attack(scene):
    sockets = []
    for _ in range(SOCKETS):
        with suppress(OSError):
            sockets.append(scene.web_socket())
            sockets[-1].socket.sendall(sockets[-1].header(MEBIBYTE) + b" " * (MEBIBYTE - 20))

    def trickle():
        for each in sockets:
            with suppress(OSError):
                each.socket.send(b" ")

    scene.hold(10, every_second=trickle)
    scene.expect_eventually("the server keeps no unfinished message", lambda: scene.metric("atrium_http_web_sockets") == 0)
