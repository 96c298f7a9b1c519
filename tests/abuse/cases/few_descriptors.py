"""1,000 connections send nothing, and the running server may open only 300 file descriptors."""

import resource

QUICK = True


def prepare(scene):
    _, hard = resource.prlimit(scene.server.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(scene.server.pid, resource.RLIMIT_NOFILE, (300, hard))


def attack(scene):
    for _ in range(1000):
        scene.connect()
    scene.hold(5)
    scene.expect(scene.metric("atrium_http_evicted_total") > 0, "idle connections to be closed for new ones")
