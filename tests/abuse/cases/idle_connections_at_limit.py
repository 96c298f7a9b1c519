"""10,050 connections send nothing, and each one that the server closes is replaced."""

import select
from contextlib import suppress

QUICK = True
CONNECTIONS = 10_050
SECONDS = 10


def attack(scene):
    poller = select.epoll()
    clients = {}

    def open_one():
        client = scene.connect()
        clients[client.fileno()] = client
        poller.register(client, select.EPOLLIN | select.EPOLLRDHUP)

    for _ in range(CONNECTIONS):
        open_one()

    def replace_closed():
        for number, _ in poller.poll(0):
            with suppress(OSError):
                clients.pop(number).close()
            open_one()

    scene.hold(SECONDS, every_second=replace_closed)
    scene.note("evicted", int(scene.metric("atrium_http_evicted_total")))
    scene.expect(scene.metric("atrium_http_evicted_total") > 0, "idle connections to be closed for new ones")
