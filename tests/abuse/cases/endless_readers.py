"""1, 4 and 8 connections count 1,000,000 deliveries by /metrics in a loop, while 32 others create users as fast as they can."""

import time

from frame import backlog
from frame.load import Load
from frame.server import MEBIBYTE

QUICK = False
SETTINGS = ["http.threads=8"]  # so that reads overlap
JUDGES_LATENCY = False  # writers and readers keep all cores of a small machine busy
DELIVERIES = 1_000_000
SECONDS_BY_READERS = {1: 40, 4: 15, 8: 15}
WRITES = {"name": "writes", "connections": 32, "method": "POST", "path": "/users/",
          "body": '{"username":"user{n}","email":"user{n}@example.com"}'}
MAX_LOG = 64 * MEBIBYTE  # the default of storage.wal_limit


def prepare(scene):
    backlog.prepare(scene.server, DELIVERIES)


def attack(scene):
    for readers, seconds in SECONDS_BY_READERS.items():
        load = Load(scene.server.port, [WRITES, {"name": "reads", "connections": readers, "method": "GET", "path": "/metrics"}])
        peak = 0
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            peak = max(peak, scene.server.size_of_wal())
            time.sleep(0.02)
        for name, figures in load.stop().items():
            scene.note(f"{readers} readers, {name}", f"{figures.count / seconds:.0f}/s, p50 {figures.p50} ms, "
                       f"p99 {figures.p99} ms, max {figures.max} ms; failed: {figures.failed}")
            scene.expect(figures.failed == 0, f"no failed {name} with {readers} readers")
        scene.limit(f"{readers} readers, largest write-ahead log", peak, MAX_LOG)
