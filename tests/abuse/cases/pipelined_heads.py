"""8 connections each send 900 pipelined HEAD requests for GraphiQL's script, without accepting gzip."""

from frame import graphiql

QUICK = True


def attack(scene):
    script = graphiql.script_path(scene)
    if not script:
        return
    requests = (b"HEAD " + script + b" HTTP/1.1\r\nHost: localhost\r\n\r\n") * 900
    for _ in range(8):
        scene.connect().sendall(requests)
    scene.hold(10)
