"""400 connections each request a page of 1,000 users, all at the same time, again and again."""

import select
from contextlib import suppress

from frame import many_users

QUICK = False
CONNECTIONS = 400
SECONDS = 10
REQUEST = b"GET /users/?limit=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n"


def prepare(scene):
    many_users.prepare(scene.server, 2000)


def attack(scene):
    clients = {}
    poller = select.epoll()
    for _ in range(CONNECTIONS):
        client = scene.connect()
        clients[client.fileno()] = client
        poller.register(client, select.EPOLLIN)

    def send_all():
        for client in clients.values():
            with suppress(OSError):
                client.sendall(REQUEST)

    for _ in range(SECONDS):
        send_all()
        scene.hold(1)
        while ready := poller.poll(0):
            for number, _ in ready:
                with suppress(OSError):
                    clients[number].recv(1 << 20)
