"""2,000 connections request GraphiQL's script and do not read it."""

import re
from contextlib import suppress

QUICK = True
CONNECTIONS = 2000


def attack(scene):
    _, _, page = scene.server.request("GET", "/graphql/", headers={"Accept": "text/html"})
    script = re.search(rb"/graphql/assets/[^\"']+\.js", page)
    if not scene.expect(script, "a script in the page of GraphiQL; was this built with ATRIUM_WEB?"):
        return
    request = b"GET " + script.group() + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for _ in range(CONNECTIONS):
        with suppress(OSError):
            scene.connect(receive_buffer=4096).sendall(request)
    scene.hold(5)
    scene.limit("kernel memory for TCP", scene.sampler.peak_kernel, 512 * 1024 * 1024)
