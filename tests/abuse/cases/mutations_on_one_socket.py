"""One WebSocket sends 100 mutations that each select about 22 MiB, and reads nothing."""

from frame import large_responses

QUICK = False


def prepare(scene):
    large_responses.prepare(scene.server)


def attack(scene):
    socket = scene.web_socket(receive_buffer=4096)
    socket.begin()
    for number in range(100):
        socket.subscribe(str(number), large_responses.MUTATION)
    scene.hold(15)
