"""Measures the time for pages of every REST list and every GraphQL connection type, in a large database and a small one."""

import contextlib
import http.client
import json
import sqlite3
import statistics
import time

from servers import ATRIUM, atrium, fail, new_folder, running

LARGE = (1_000_000, 3_000_000)  # users and orders
SMALL = (1_000, 1_000)
REPEATS = 15  # number of requests of each kind; the median is reported
MAX_RATIO = 3  # maximum ratio of the time in the large database to the time in the small one

# One statement for each table. Of all orders, a third belongs to one user, half are for "tea", and one in a thousand is
# cancelled. :now is in milliseconds; one order was placed in each of the last :orders milliseconds.
FILL = [
    (
        "INSERT INTO users_account (id, username, email, created_at, updated_at)"
        " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :users)"
        " SELECT i, printf('u%07d', i), printf('u%07d@example.com', i), :now - :orders, :now - :orders FROM n"
    ),
    "INSERT INTO orders_user (id, username, revision, name_revision) SELECT id, username, 1, 1 FROM users_account",
    (
        "INSERT INTO orders_order (id, user_id, product_name, quantity, status, created_at, updated_at)"
        " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :orders)"
        " SELECT i, CASE WHEN i % 3 = 0 THEN 1 ELSE 1 + (i * 7919) % :users END,"
        " CASE WHEN i % 2 = 0 THEN 'tea' ELSE printf('p%06d', (i * 31) % 100000) END, 1,"
        " CASE WHEN i % 1000 = 0 THEN 2 ELSE i % 10 = 1 END, :now - :orders + i, :now - :orders + i FROM n"
    ),
]

USERS = ["", "username=u0000007", "email=u0000007@example.com", "ids=1,2,3,4,5,6,7,8,9,10", "search=u", "search=u00000"]
USERS += [f"sort={sign}{field}" for field in ("id", "username", "email") for sign in ("", "-")]
ORDERS = ["", "user=u0000001", "user=u0000007", "status=placed", "status=cancelled", "product_name=tea", "product_name=p"]
ORDERS += ["ids=1,2,3,4,5,6,7,8,9,10", "user=u0000001&status=cancelled", "user=u0000001&product_name=tea"]
ORDERS += ["status=cancelled&product_name=tea", "user=u0000001&status=cancelled&product_name=tea"]
SORTS = [f"sort={sign}{field}" for field in ("id", "user_id", "product_name", "status") for sign in ("", "-")]
ORDERS += [f"{f}{s}" for f in ("", "user=u0000001&", "status=cancelled&", "user=u0000001&status=placed&") for s in SORTS]
LISTS = [f"/{name}/?{q}{'&' if q else ''}" for name, queries in (("users", USERS), ("orders", ORDERS)) for q in queries]

CONNECTIONS = [("users", a) for a in ("", 'search: "u"', 'sort: "username"', 'sort: "-email"')]
CONNECTIONS += [
    ("orders", a)
    for a in ("", 'username: "u0000001"', "status: PLACED", "status: CANCELLED", 'productName: "tea"', 'sort: "-status"')
]
CHILDREN = ["", "status: CANCELLED", 'productName: "tea"', 'sort: "-status"', 'sort: "productName"']


class Client:
    """Sends requests to one server on one connection."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def get(self, path):
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            fail(f"GET {path} returned {answer.status}: {body.decode()}")
        return answer.headers.get("Link"), body

    def query(self, text):
        self.connection.request("POST", "/graphql/", json.dumps({"query": text}), {"Content-Type": "application/json"})
        answer = json.loads(self.connection.getresponse().read())
        if "errors" in answer:
            fail(f"{text} returned errors: {answer['errors']}")
        return answer["data"]


def next_path(link):
    return link[1 : link.index(">")] if link else None


def median_time(request):
    times = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        request()
        times.append(time.perf_counter() - begin)
    return statistics.median(times) * 1000


def middle_of_list(client, path):
    """Returns the path of a page of ten rows that begins after 50,000 rows, or at the last 500 rows of a shorter list. None if
    the list fits into a page of 500 rows.
    """
    page = f"{path}limit=500"
    for _ in range(100):
        next_page = next_path(client.get(page)[0])
        if not next_page:
            break
        page = next_page
    return f"{path}limit=10&after={page.split('after=')[1]}" if "after=" in page else None


def list_costs(client):
    for path in LISTS:
        yield f"`GET {path[:-1]}`, first page", median_time(lambda: client.get(f"{path}limit=10"))
        middle = middle_of_list(client, path)
        if middle:
            yield f"`GET {path[:-1]}`, in the middle", median_time(lambda: client.get(middle))


def connection_costs(client):
    page = "{ edges { node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }"
    for field, argument in CONNECTIONS:

        def text(slice):
            return f"{{ {field}({', '.join(a for a in (argument, slice) if a)}) {page} }}"

        cursor = None
        for _ in range(50):
            info = client.query(text(f"first: 500{f', after: {json.dumps(cursor)}' if cursor else ''}"))[field]["pageInfo"]
            if not info["hasNextPage"]:
                break
            cursor = info["endCursor"]
        slices = {"first": "first: 10", "last": "last: 10"}
        if cursor:
            slices["first, in the middle"] = f"first: 10, after: {json.dumps(cursor)}"
            slices["last, in the middle"] = f"last: 10, before: {json.dumps(cursor)}"
        for name, slice in slices.items():
            yield f"`{field}({argument})`, {name}", median_time(lambda: client.query(text(slice)))
    for argument in CHILDREN:
        for end in ("first", "last"):
            arguments = ", ".join(a for a in (argument, f"{end}: 10") if a)
            query = f"{{ users(first: 20) {{ edges {{ node {{ orders({arguments}) {page} }} }} }} }}"
            yield f"`users {{ orders({argument}) }}`, {end}", median_time(lambda: client.query(query))


def costs(size):
    """Returns the milliseconds of each kind of request in a database of this size."""
    with new_folder() as folder:
        with running(atrium(), folder):
            pass  # creates the tables
        database = sqlite3.connect(folder / "atrium.db")
        with contextlib.closing(database):
            for statement in FILL:
                database.execute(statement, {"users": size[0], "orders": size[1], "now": int(time.time() * 1000)})
            database.commit()
        with running(atrium(), folder) as (port, _, _):
            client = Client(port)
            client.get("/users/")
            return dict([*list_costs(client), *connection_costs(client)])


def report(_):
    small, large = costs(SMALL), costs(LARGE)
    lines = [f"\n| page of 10 rows | {SMALL[1]:,} orders, ms | {LARGE[1]:,} orders, ms | ratio |", "|---|---:|---:|---:|"]
    worst = 0
    for name, cost in large.items():
        if name not in small:  # the small database has no such page
            lines.append(f"| {name} | | {cost:.2f} | |")
            continue
        worst = max(worst, cost / small[name])
        lines.append(f"| {name} | {small[name]:.2f} | {cost:.2f} | {cost / small[name]:.1f} |")
    lines.append(f"\nThe largest ratio of the times, large database to small one, is {worst:.1f} (allowed: {MAX_RATIO}).")
    return "\n".join(lines)


PARTS = {"pages": report}
NEEDED = {"pages": [ATRIUM]}
