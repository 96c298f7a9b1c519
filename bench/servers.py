"""Functions that all parts of bench/run use: folders, processes that end when bench/run ends, and requests."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

ROOT = Path(__file__).resolve().parent.parent
BUILD = Path(os.environ.get("ATRIUM_BENCH_BUILD", ROOT / "build/release"))
ATRIUM = BUILD / "atrium"


@dataclass(frozen=True)
class Server:
    name: str
    command: Callable  # (port, folder for its data) -> words of the command line
    is_constant: bool = False  # sends the same bytes for every request


def atrium(*settings):
    """Returns Atrium with its default settings, except for the given ones, such as "http.threads=2"."""

    def command(port, folder):
        values = [f"http.port={port}", f"storage.path={folder}/atrium.db", *settings]
        return [ATRIUM, "serve", *(word for value in values for word in ("--set", value))]

    return Server("Atrium", command)


def fail(text):
    sys.exit(f"bench: {text}")


@contextlib.contextmanager
def new_folder():
    """Yields a folder on the disk of the repository, because on a memory disk every fsync would be free."""
    (ROOT / "build/bench").mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=ROOT / "build/bench"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def stopping(process):
    """Stops the process with SIGTERM at the end of the block. If it still runs after 20 seconds, its whole session is ended
    with SIGKILL. The process must therefore have a session of its own.
    """
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # ends only the session of this process
            process.wait()


@contextlib.contextmanager
def running(server, folder):
    """Yields (port, process, seconds from exec to the first response of /livez)."""
    port = free_port()
    with open(folder / "server.log", "ab") as log:
        begin = time.monotonic()
        process = subprocess.Popen(
            [str(word) for word in server.command(port, folder)], cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
    with stopping(process):
        while not is_live(port):
            if process.poll() is not None or time.monotonic() > begin + 20:
                fail(f"{server.name} did not start:\n{(folder / 'server.log').read_text()[-2000:]}")
            time.sleep(0.0005)
        yield port, process, time.monotonic() - begin


def ask(port, method, path, body=None):
    """Returns (status, headers, body) for one request on a new connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection):
        connection.request(method, path, json.dumps(body) if body is not None else None, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def is_live(port):
    try:
        return ask(port, "GET", "/livez")[0] < 500
    except OSError:
        return False


def seed(port):
    """Creates 100 users, the same on every server: seed-0 with id 1, seed-1 with id 2..."""
    for n in range(100):
        status, _, body = ask(port, "POST", "/users/", {"username": f"seed-{n}", "email": f"seed-{n}@example.com"})
        if status != 201:
            fail(f"seeding failed with {status}: {body.decode()}")
