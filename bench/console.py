"""Measures each page of the console, and each request that it sends, with a million users, three million orders and a million
events, 300,000 of them dead letters.

console_pages.mjs opens the pages in Chromium and records their requests. Then each request is sent again, alone. For a list,
a page far from the beginning and the last page are requested as well.
"""

import contextlib
import json
import sqlite3
import statistics
import subprocess
import time
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

import journal
import pages
from journal import processor_milliseconds
from pages import Client, next_path
from servers import ATRIUM, ROOT, atrium, fail, new_folder, running, seed

USERS, ORDERS = pages.LARGE
EVENTS = journal.LARGE
LIMIT = 200  # milliseconds within which each request must have its response, and each page must show its data
REPEATS = 10  # how often each request is sent; the median is reported
MAX_PAGES = 100  # number of pages that are read to reach the middle of a list
MODULES = ROOT / "tests/node_modules"

# Of ten events, seven report the creation of one of the latest orders, and three a change of a user.
PUBLISHED_EVENTS = (
    "INSERT INTO events_log (seq, id, source, topic, key, priority, time, traceparent, data, request_id)"
    " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :events)"
    " SELECT i, printf('01930000-0000-7000-8000-%012d', i),"
    "  CASE WHEN i % 10 IN (2, 8, 9) THEN '/atrium/users' ELSE '/atrium/orders' END,"
    "  CASE WHEN i % 10 IN (2, 8, 9) THEN 'users.user_updated' ELSE 'orders.order_created' END,"
    "  CASE WHEN i % 10 IN (2, 8, 9) THEN 'user/' || a.id ELSE 'order/' || o.id END,"
    "  4, :now - :events + i, printf('00-%032x-%016x-00', i, i),"
    "  CASE WHEN i % 10 IN (2, 8, 9)"
    "   THEN json_object('user_id', a.id, 'username', a.username, 'email', a.email, 'revision', 2)"
    "   ELSE json_object('order_id', o.id, 'user_id', o.user_id, 'user', u.username, 'product_name', o.product_name,"
    "    'quantity', o.quantity, 'status', 'placed', 'revision', 1) END,"
    "  printf('request-%d', i)"
    " FROM n JOIN orders_order AS o ON o.id = :orders - :events + i JOIN orders_user AS u ON u.id = o.user_id"
    " JOIN users_account AS a ON a.id = 1 + (i * 7919) % :users"
)
# The effects that the handlers of these events would have had. Events that are dead letters have no effects.
HANDLER_EFFECTS = [
    (
        "INSERT INTO users_order (order_id, user_id) SELECT o.id, o.user_id FROM orders_order AS o WHERE NOT EXISTS"
        " (SELECT 1 FROM events_delivery AS d WHERE d.subscription = :statistics AND d.seq = o.id - :orders + :events)"
    ),
    (
        "UPDATE users_account SET order_count = c.number, last_order_at = c.last, revision = 1 + c.number, updated_at = c.last"
        " FROM (SELECT u.user_id, count(*) AS number, max(o.created_at) AS last"
        "  FROM users_order AS u JOIN orders_order AS o ON o.id = u.order_id GROUP BY u.user_id) AS c"
        " WHERE c.user_id = id"
    ),
    (
        "UPDATE users_account SET revision = revision + 1 WHERE id IN"
        " (SELECT CAST(substr(key, 6) AS INTEGER) FROM events_log WHERE topic = 'users.user_updated')"
    ),
    (
        "UPDATE orders_user SET revision = 2 WHERE id IN"
        " (SELECT CAST(substr(key, 6) AS INTEGER) FROM events_log WHERE topic = 'users.user_updated' AND seq % 10 <> 2)"
    ),
    "UPDATE orders_order SET revision = 2 WHERE status <> 0",
]


def fill(folder, users, orders, events):
    """Fills a database whose tables a server has created. `orders` must not be less than `events`."""
    with contextlib.closing(sqlite3.connect(folder / "atrium.db")) as database:
        ids = dict(database.execute("SELECT name, id FROM events_subscription"))
        values = {"users": users, "orders": orders, "events": events, "now": int(time.time() * 1000), "failures": 10}
        values |= {"statistics": ids["users.order_statistics"], "names": ids["orders.user_names"]}
        letters = (journal.GROUPS, journal.LETTERS, journal.FAILURES, journal.ARCHIVE, journal.OPERATIONS)
        database.execute("PRAGMA synchronous = OFF")  # after a crash of the machine, the database is not needed
        database.execute("PRAGMA cache_size = -1000000")  # in KiB
        for statement in (*pages.FILL, PUBLISHED_EVENTS, *letters, *HANDLER_EFFECTS):
            database.execute(statement, values)
        database.commit()


@contextlib.contextmanager
def filled_server():
    """Yields (port, process) of a server with the data that `fill` writes, after `atrium check` has found them consistent."""
    with new_folder() as folder:
        with running(atrium(*journal.SETTINGS), folder):
            pass  # creates the tables
        fill(folder, USERS, ORDERS, EVENTS)
        check = subprocess.run(
            [ATRIUM, "check", "--set", f"storage.path={folder}/atrium.db"], cwd=ROOT, capture_output=True, text=True
        )
        if check.returncode:
            fail(f"the filled database is not consistent: {check.stdout}{check.stderr}")
        with running(atrium(*journal.SETTINGS), folder) as (port, process, _):
            yield port, process


# --- the requests of the pages --------------------------------------------------------------------------------------------


def visit_pages(port, *part):
    """Runs console_pages.mjs and returns its output, which is described there."""
    command = ["node", ROOT / "bench/console_pages.mjs", f"http://127.0.0.1:{port}", *part]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=1200)
    if done.returncode:
        fail(f"a page of the console failed: {done.stdout}{done.stderr}")
    return json.loads(done.stdout)


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    body: str | None = None
    position: str = ""  # of the page in the list; empty for the first page

    def send(self, client):
        """Returns the target of the next page, if there is one."""
        headers = {"Accept": "application/json"} | ({"Content-Type": "application/json"} if self.body else {})
        client.connection.request(self.method, self.target, self.body, headers)
        answer = client.connection.getresponse()
        body = answer.read()
        if answer.status not in (200, 201):
            fail(f"{self.method} {self.target} returned {answer.status}: {body.decode()}")
        return next_path(answer.headers.get("Link"))

    def __str__(self):
        body = f" `{self.body}`" if self.body else ""
        return f"`{self.method} {self.target}`{body}{self.position}"


def with_parameters(target, **parameters):
    url = urlsplit(target)
    return f"{url.path}?{urlencode(dict(parse_qsl(url.query)) | parameters)}"


def page_after(client, target, max_pages):
    """Returns the target of the page after `max_pages` pages of 500 rows, or of the last page if there are fewer pages. Returns
    None if the list has only one page.
    """
    found = None
    page = with_parameters(target, limit=500)
    for _ in range(max_pages):
        page = Request("GET", page).send(client)
        if not page:
            break
        found = dict(parse_qsl(urlsplit(page).query))["after"]
    return found and with_parameters(target, after=found)


def is_unfiltered(target):
    return {name for name, _ in parse_qsl(urlsplit(target).query)} <= {"limit", "order", "sort"}


def other_pages(client, request):
    """Yields the request for a page in the middle of a list and, if the list has no filters, the request for its last page."""
    if request.method != "GET" or not request.send(client):
        return
    middle = page_after(client, request.target, MAX_PAGES)
    if middle:
        yield Request("GET", middle, None, ", in the middle")
    if middle and is_unfiltered(request.target):
        yield Request("GET", page_after(client, request.target, 100 * MAX_PAGES), None, ", last page")


# --- the cost of a request ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cost:
    minimum: float  # milliseconds from the request to the response
    median: float
    computed: float  # median of the server's processor time, in milliseconds


def cost(client, process, request):
    times, computed = [], []
    for _ in range(REPEATS):
        before, begin = processor_milliseconds(process), time.perf_counter()
        request.send(client)
        times.append((time.perf_counter() - begin) * 1000)
        computed.append(processor_milliseconds(process) - before)
    return Cost(min(times), statistics.median(times), statistics.median(computed))


def report(_):
    with filled_server() as (port, process):
        views = visit_pages(port)
        client = Client(port)
        recorded = dict.fromkeys(Request(**each) for view in views for each in view["requests"])
        costs = {}
        for request in recorded:
            costs |= {each: cost(client, process, each) for each in (request, *other_pages(client, request))}
    return "\n".join([*rows_of_pages(views, costs), *rows_of_requests(costs)])


def rows_of_pages(views, costs):
    yield f"\nThe console with {USERS:,} users, {ORDERS:,} orders and {EVENTS:,} events\n"
    yield "| page | shown after ms | requests | the slowest of them, ms |\n|---|---:|---:|---:|"
    for view in views:
        slowest = max((costs[Request(**each)].median for each in view["requests"]), default=0)
        yield f"| {view['name']} | {view['milliseconds']:.0f} | {len(view['requests'])} | {slowest:.1f} |"


def rows_of_requests(costs):
    yield "\n| request | min ms | median ms | processor ms |\n|---|---:|---:|---:|"
    for request, each in sorted(costs.items(), key=lambda item: -item[1].median):
        yield f"| {request} | {each.minimum:.2f} | {each.median:.2f} | {each.computed:.2f} |"
    slow = [request for request, each in costs.items() if each.median > LIMIT]
    yield f"\n{len(slow)} of {len(costs)} requests took more than {LIMIT} ms."


def report_first_page(_):
    with new_folder() as folder, running(atrium(), folder) as (port, _, _):
        seed(port)
        times = visit_pages(port, "first")
    rows = ["\nThe first page of the console, in a browser with an empty cache\n"]
    rows += ["| from the first byte until | median ms | min | max |\n|---|---:|---:|---:|"]
    for name, title in {"drawn": "something is drawn", "complete": "everything is shown"}.items():
        all_times = [each[name] for each in times]
        rows.append(f"| {title} | {statistics.median(all_times):.0f} | {min(all_times):.0f} | {max(all_times):.0f} |")
    return "\n".join(rows)


PARTS = {"console": report, "first_page": report_first_page}
NEEDED = {"console": [ATRIUM, MODULES], "first_page": [ATRIUM, MODULES]}
