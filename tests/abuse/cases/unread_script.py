"""2,000 connections request GraphiQL's script and do not read it."""

from contextlib import suppress

from frame.graphiql import script_path

QUICK = True
CONNECTIONS = 2000


def attack(scene):
    path = script_path(scene)
    if not path:
        return
    request = b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for _ in range(CONNECTIONS):
        with suppress(OSError):
            scene.connect(receive_buffer=4096).sendall(request)
    scene.hold(5)
    scene.limit("kernel memory for TCP", scene.sampler.peak_kernel, 512 * 1024 * 1024)
