"""Measures the lists that show operators a large journal, and a retry of its dead letters while a client creates users."""

import contextlib
import json
import sqlite3
import statistics
import subprocess
import threading
import time
from datetime import datetime, timezone
from pathlib import Path

from pages import MAX_RATIO, REPEATS, Client
from servers import ATRIUM, atrium, fail, new_folder, running, seed

LARGE = 1_000_000
SMALL = 1_000
# With these limits, the server removes no rows during the measurement.
SETTINGS = ("events.dead_letters.count=10000000", "events.retention.count=100000000")
BEFORE_RETRY = 10  # seconds in which the client creates users before the retry

# Of ten events, seven are about orders and three about users. Two of the seven are dead letters, with 100 different errors in
# all. One of the three is a dead letter, always with the same error. :now is in milliseconds; one event was
# published in each millisecond before it. Each dead letter has failed :failures times.
EVENTS = (
    "INSERT INTO events_log (seq, id, source, topic, key, priority, time, traceparent, data, request_id)"
    " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :events)"
    " SELECT i, printf('01930000-0000-7000-8000-%012d', i),"
    "  CASE WHEN i % 10 IN (2, 8, 9) THEN '/atrium/users' ELSE '/atrium/orders' END,"
    "  CASE WHEN i % 10 IN (2, 8, 9) THEN 'users.user_updated' ELSE 'orders.order_created' END,"
    "  CASE WHEN i % 10 IN (2, 8, 9) THEN printf('user/%d', 1000 + i % 5000) ELSE printf('order/%d', i) END,"
    "  4, :now - :events + i, '00-0123456789abcdef0123456789abcdef-0123456789abcdef-00',"
    "  CASE WHEN i % 10 IN (2, 8, 9)"
    "   THEN printf('{\"user_id\":%d,\"username\":\"u-%d\",\"email\":\"u-%d@example.com\",\"revision\":%d}',"
    "    1000 + i % 5000, i, i, i)"
    "   ELSE printf('{\"order_id\":%d,\"user_id\":%d,\"user\":\"seed\",\"product_name\":\"tea\",\"quantity\":1,"
    '"status":"placed","revision":1}\', i, 1 + i % 100) END,'
    "  printf('request-%d', i) FROM n"
)
GROUPS = (
    "INSERT INTO events_failure_group (id, subscription, topic, error, first, last)"
    " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
    " SELECT i, :statistics, 'orders.order_created', 'service ' || char(97 + (i - 1) / 10, 97 + (i - 1)"
    " % 10) || ' does not respond to ?', :now, :now FROM n"
    " UNION ALL SELECT 101, :names, 'users.user_updated', 'the name ? is too long', :now, :now"
)
LETTERS = (
    "INSERT INTO events_delivery (subscription, seq, place, key, priority, state, attempts, last_error, dead_at, failure,"
    "  failure_group)"
    " SELECT CASE WHEN seq % 10 = 2 THEN :names ELSE :statistics END, seq, seq, key, 4, 'dead', 10,"
    "  CASE WHEN seq % 10 = 2 THEN printf('the name %d is too long', seq)"
    "   ELSE printf('service %s does not respond to %d', char(97 + seq / 100 % 10, 97 + seq / 10 % 10), seq) END,"
    "  time, seq * :failures, CASE WHEN seq % 10 = 2 THEN 101 ELSE 1 + seq / 10 % 100 END"
    " FROM events_log WHERE seq % 10 <= 2"
)
FAILURES = (
    "INSERT INTO events_failure (id, seq, subscription, attempt, at, error)"
    " WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :failures - 1)"
    " SELECT failure - i, seq, subscription, 10 - i, dead_at - i, last_error FROM events_delivery, n WHERE state = 'dead'"
)
ARCHIVE = (
    "INSERT INTO events_archive (subscription, seq, event_id, source, topic, key, priority, time,"
    " traceparent, data, attempts,"
    "  last_error, failures, died, resolution, principal, reason, at)"
    " SELECT :names, seq, id, source, topic, key, priority, time, traceparent, data, 10, 'the name is"
    " too long', '[]', time,"
    "  'discarded', 'anonymous', 'test', :now FROM events_log WHERE seq % 10 = 9"
)
OPERATIONS = (
    "INSERT INTO events_operation (verb, state, filter, replay, bound, matched, done, skipped, cursor_seq,"
    "  cursor_subscription, principal, reason, request_id, traceparent, began, ended)"
    " SELECT 'retry', 'done', '{}', '', 0, 1, 1, 0, 0, 0, 'anonymous', 'test', '', '', :now, :now"
    " FROM events_log WHERE seq % 100 = 0"
)


@contextlib.contextmanager
def filled_server(events):
    """Yields (port, process, ids of subscriptions by name, time of the last event) of a server with `events` events."""
    now = int(time.time() * 1000)
    with new_folder() as folder:
        with running(atrium(*SETTINGS), folder) as (port, _, _):
            seed(port)
        with contextlib.closing(sqlite3.connect(folder / "atrium.db")) as database:
            ids = dict(database.execute("SELECT name, id FROM events_subscription"))
            values = {"events": events, "now": now, "failures": 1}
            values |= {"statistics": ids["users.order_statistics"], "names": ids["orders.user_names"]}
            database.execute("DELETE FROM events_log")
            for statement in (EVENTS, GROUPS, LETTERS, FAILURES, ARCHIVE, OPERATIONS):
                database.execute(statement, values)
            database.commit()
        with running(atrium(*SETTINGS), folder) as (port, process, _):
            yield port, process, ids, now


# --- the lists ------------------------------------------------------------------------------------------------------------


def joined(*parameters):
    return "&".join(parameter for parameter in parameters if parameter)


def lists(events, ids, now):
    """Yields (name, path, position in the middle of the list); the position is None if the list has one page."""
    middle = events // 2
    middle_time = datetime.fromtimestamp((now - middle) / 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    unique_key = f"order/{middle + 3}"
    filters = {filter: filter for filter in ("", "topic=orders.%23", "topic=absent.%23", "key=user/1002", "key=absent/1")}
    filters |= {"key=order/N": f"key={unique_key}", "since=T": f"since={middle_time}", "until=T": f"until={middle_time}"}
    for name, filter in filters.items():
        for order in ("order=oldest", "order=newest"):
            yield f"/events/?{joined(name, order)}", f"/events/?{joined(filter, order)}", middle
    position = f"{ids['users.order_statistics']}-{middle}"
    first_id = f"{ids['users.order_statistics']}-{events // 10 * 5 + 1}"
    for name, filter in (
        ("", ""),
        ("subscription=users.order_statistics", "subscription=users.order_statistics"),
        ("subscription=orders.user_names", "subscription=orders.user_names"),
        ("subscription=orders.user_departure", "subscription=orders.user_departure"),
        ("topic=users.%23", "topic=users.%23"),
        ("topic=absent.%23", "topic=absent.%23"),
        ("key=user/1002", "key=user/1002"),
        ("key=absent/1", "key=absent/1"),
        ("error=too long", "error=too%20long"),
        ("error=absent", "error=absent"),
        ("since=T", f"since={middle_time}"),
        ("until=T", f"until={middle_time}"),
        ("group=7", "group=7"),
        ("group=101", "group=101"),
        ("group=101&error=absent", "group=101&error=absent"),
        ("ids=ID", f"ids={first_id}"),
    ):
        yield f"/events/dead-letters?{name}", f"/events/dead-letters?{filter}", position
    for filter in ("", "subscription=orders.user_names", "topic=users.%23", "error=absent"):
        yield f"/events/dead-letters/groups?{filter}", f"/events/dead-letters/groups?{filter}", 50
    yield "/events/archive?", "/events/archive?", events // 20
    yield "/events/operations?", "/events/operations?", events // 200
    yield "/events/subscriptions", "/events/subscriptions", None
    yield "/events/subscriptions/NAME", "/events/subscriptions/users.order_statistics", None
    yield "/events/SEQ, a dead letter", f"/events/{events // 10 * 5 + 1}", None
    yield "/events/SEQ, handled", f"/events/{events // 10 * 5 + 3}", None
    yield "/events/dead-letters/ID", f"/events/dead-letters/{first_id}", None
    yield "/readyz", "/readyz", None
    yield "/metrics", "/metrics", None


def processor_milliseconds(process):
    """Returns the processor time of all threads that the process has now."""
    return sum(int((task / "schedstat").read_text().split()[0]) for task in Path(f"/proc/{process.pid}/task").iterdir()) / 1e6


def cost(client, process, path):
    """Returns the median of the milliseconds of processor time that the server takes for a request."""
    costs = []
    for _ in range(REPEATS):
        before = processor_milliseconds(process)
        client.get(path)
        costs.append(processor_milliseconds(process) - before)
    return statistics.median(costs)


def list_costs(events):
    """Returns the cost of each page in a journal of this size."""
    costs = {}
    with filled_server(events) as (port, process, ids, now):
        client = Client(port)
        client.get("/events/subscriptions")
        for name, path, middle in lists(events, ids, now):
            if middle is None:
                costs[f"`GET {name}`"] = cost(client, process, path)
                continue
            target, _, filter = path.partition("?")
            for part, position in ((", first page", ""), (", in the middle", f"after={middle}")):
                page = f"{target}?{joined(filter, 'limit=10', position)}"
                costs[f"`GET {name.rstrip('?')}`{part}"] = cost(client, process, page)
    return costs


def report_lists(_):
    small, large = list_costs(SMALL), list_costs(LARGE)
    lines = [
        "\nProcessor time of the server for a page of 10, in ms\n",
        f"| list | {SMALL:,} events | {LARGE:,} events | times |",
        "|---|---:|---:|---:|",
    ]
    for name, figure in large.items():
        lines.append(f"| {name} | {small[name]:.2f} | {figure:.2f} | {figure / small[name]:.1f} |")
    worst = max(figure / small[name] for name, figure in large.items())
    lines.append(f"\nThe most expensive page costs {worst:.1f} times as much as in the small journal (allowed: {MAX_RATIO}).")
    return "\n".join(lines)


# --- a retry of all dead letters ------------------------------------------------------------------------------------------


class Poster:
    """A client that creates users one after the other on a thread of its own, and records when each request began and ended."""

    def __init__(self, port):
        self._client = Client(port)
        self._ended = threading.Event()
        self._fault = None
        self.times = []  # (begin, end) in seconds
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self):
        number = 0
        while not self._ended.is_set():
            number += 1
            body = json.dumps({"username": f"poster-{number}", "email": f"poster-{number}@example.com"})
            begin = time.perf_counter()
            self._client.connection.request("POST", "/users/", body, {"Content-Type": "application/json"})
            answer = self._client.connection.getresponse()
            text = answer.read()
            self.times.append((begin, time.perf_counter()))
            if answer.status != 201:
                self._fault = f"POST /users/ returned {answer.status}: {text.decode()}"
                return

    def end(self):
        self._ended.set()
        self._thread.join()
        if self._fault:
            fail(self._fault)


def latencies(times, begin, end):
    """Returns (requests in a second, p50, p99 and max in milliseconds) of the requests that ran between `begin` and `end`."""
    chosen = [(b, e) for b, e in times if e > begin and b < end]
    milliseconds = [(e - b) * 1000 for b, e in chosen]
    parts = statistics.quantiles(milliseconds, n=100, method="inclusive")
    return len(chosen) / (end - begin), parts[49], parts[98], max(milliseconds)


def wait_until_handled(port):
    while json.loads(Client(port).get("/readyz")[1])["bus"]["pending"]:
        time.sleep(0.05)
    return time.perf_counter()


def report_retry(_):
    letters = LARGE // 10 * 3
    with filled_server(LARGE) as (port, _, _, _):
        poster = Poster(port)
        began = time.perf_counter()
        time.sleep(BEFORE_RETRY)
        retry_began = time.perf_counter()
        command = [ATRIUM, "events", "retry", "--all", "--yes", "--reason", "bench", "--server", f"http://127.0.0.1:{port}"]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=1800)
        retry_ended = time.perf_counter()
        if done.returncode or f"retried {letters} of {letters} dead letters" not in done.stdout:
            fail(f"the retry ended with {done.returncode}: {done.stdout}{done.stderr}")
        handled = wait_until_handled(port)
        poster.end()
    before = latencies(poster.times, began, retry_began)
    during = latencies(poster.times, retry_began, handled)
    return "\n".join(
        [
            f"\nA retry of {letters:,} dead letters by `atrium events retry --all`, in a journal of {LARGE:,} events, took"
            f" {retry_ended - retry_began:.1f} s ({letters / (retry_ended - retry_began):,.0f} a second). The"
            f" last one was handled"
            f" {handled - retry_ended:.1f} s later.\n",
            "| one client, `POST /users/` | requests/s | p50 ms | p99 ms | max ms |",
            "|---|---:|---:|---:|---:|",
            *(
                f"| {name} | {rate:,.0f} | {p50:.2f} | {p99:.2f} | {longest:.1f} |"
                for name, (rate, p50, p99, longest) in (("before", before), ("during the retry", during))
            ),
        ]
    )


PARTS = {"lists": report_lists, "retry": report_retry}
NEEDED = {"lists": [ATRIUM], "retry": [ATRIUM]}
