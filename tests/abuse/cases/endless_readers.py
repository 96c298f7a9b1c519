"""First 1, then 4, then 8 connections search users, while one counts 1,000,000 deliveries (/metrics) and 32 create users."""

import time

from frame import backlog, many_users
from frame.load import Load
from frame.server import MEBIBYTE

QUICK = False
SETTINGS = ["http.threads=8"]  # so that reads overlap
JUDGES_LATENCY = False  # writers and readers keep all cores of a small machine busy
DELIVERIES = 1_000_000
USERS = 100_000
COUNTS = {"name": "counts", "connections": 1, "method": "GET", "path": "/metrics"}
SEARCHES = {"name": "searches", "method": "GET", "path": "/users/?search=u&limit=1000"}
SECONDS_BY_READERS = {1: 40, 4: 15, 8: 15}
WRITES = {"name": "writes", "connections": 32, "method": "POST", "path": "/users/",
          "body": '{"username":"user{n}","email":"user{n}@example.com"}'}
MAX_WAL = 64 * MEBIBYTE  # the default of storage.wal_limit


def prepare(scene):
    backlog.prepare(scene.server, DELIVERIES)
    many_users.prepare(scene.server, USERS)


def attack(scene):
    for readers, seconds in SECONDS_BY_READERS.items():
        load = Load(scene.server.port, [WRITES, COUNTS, {**SEARCHES, "connections": readers}])
        peak = 0
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            peak = max(peak, scene.server.size_of_wal())
            time.sleep(0.02)
        for name, figures in load.stop().items():
            scene.note(f"{readers} readers, {name}", f"{figures.count / seconds:.0f}/s, p50 {figures.p50} ms, "
                       f"p99 {figures.p99} ms, max {figures.max} ms; failed: {figures.failed}")
            scene.expect(figures.failed == 0, f"no failed {name} with {readers} readers")
        scene.limit(f"{readers} readers, largest write-ahead log", peak, MAX_WAL)
