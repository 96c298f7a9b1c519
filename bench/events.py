"""Events in bench/run: how many are published and handled a second, how fast the relay sends a journal to RabbitMQ, and how
long it takes until an order is counted.
"""

import http.client
import json
import re
import statistics
import subprocess
import threading
import time

from broker import running_broker
from servers import ATRIUM, BUILD, ask, atrium, fail, new_folder, running, seed

THROUGHPUT = BUILD / "bench/event_throughput"
RELAY = BUILD / "bench/relay_drain"
PUBLISHER = BUILD / "bench/librabbitmq_publisher"
MESSAGES = 50_000

PUBLISHERS = 1, 8, 64
KEYS = {"unique": "each event has its own key", "hot": "all events have the same key"}

NEEDED = {"events": (THROUGHPUT,), "relay": (RELAY, PUBLISHER), "latency": (ATRIUM,)}


def figures_of(*command):
    """Runs a program, and returns the figures that it prints as NAME=NUMBER."""
    completed = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=600)
    if completed.returncode:
        fail(f"{command[0]} failed:\n{completed.stderr}")
    return {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", completed.stdout)}


# --- published and handled ------------------------------------------------------------------------------------------------


def throughput(options):
    """Returns Markdown. The columns are medians over the rounds."""
    lines = []
    for keys, title in KEYS.items():
        runs_by_publishers = {publishers: [] for publishers in PUBLISHERS}
        for _ in range(options.rounds):
            for publishers, runs in runs_by_publishers.items():
                with new_folder() as folder:
                    runs.append(figures_of(THROUGHPUT, folder, options.seconds, publishers, keys))
        lines += [
            f"\nEvents that are published and handled in one process; {title}\n",
            "| publishers | events/s | commits/s | functions for each commit | syncs/s | last one handled after ms "
            "| writer computes, % | writer syncs, % | writer µs/event | dispatcher µs/event | publishers µs/event |",
            "|---:|" + "---:|" * 10,
        ]
        lines += [f"| {publishers} | " + " | ".join(columns_of(runs)) + " |" for publishers, runs in runs_by_publishers.items()]
    return "\n".join(lines)


def columns_of(runs):
    def median(figure, digits=0):
        return f"{statistics.median(figure(run) for run in runs):,.{digits}f}"

    yield median(lambda run: run["events"] / run["handled"] * 1e6)
    yield median(lambda run: run["commits"] / run["handled"] * 1e6)
    yield median(lambda run: run["functions"] / run["commits"], 1)
    yield median(lambda run: run["syncs"] / run["handled"] * 1e6)
    yield median(lambda run: (run["handled"] - run["published"]) / 1000, 1)
    for part in "writer", "syncing":
        yield median(lambda run: run[part] / run["handled"] * 100)
    for thread in "writer", "dispatcher", "publishers":
        yield median(lambda run: run[thread] / run["events"], 1)


# --- the relay ------------------------------------------------------------------------------------------------------------


def messages_per_second(*command):
    figures = figures_of(*command)
    return figures["messages"] / figures["microseconds"] * 1e6


def relay(options):
    """Returns Markdown. All programs take turns on one broker, each in its own virtual host. A ratio is the median of the
    ratios of all rounds, because a slow phase of the machine affects all programs of a round.
    """
    publishers = {"the same messages": "events", "the bodies alone": "none"}
    relays, others = [], {name: [] for name in publishers}
    with running_broker() as broker:
        for _ in range(options.rounds):
            with broker.new_vhost() as url, new_folder() as folder:
                relays.append(messages_per_second(RELAY, url, folder, MESSAGES))
            for name, attributes in publishers.items():
                with broker.new_vhost() as url:
                    others[name].append(messages_per_second(PUBLISHER, url, MESSAGES, attributes))
    lines = [
        f"\nThe relay: {MESSAGES:,} events from the journal to a quorum queue\n",
        "| | messages/s | the relay is |",
        "|---|---:|---:|",
        f"| Atrium's relay, including its bookkeeping | {statistics.median(relays):,.0f} | |",
    ]
    for name, figures in others.items():
        ratio = statistics.median(ours / theirs for ours, theirs in zip(relays, figures))
        per_second = statistics.median(figures)
        lines.append(f"| a minimal librabbitmq publisher, {name} | {per_second:,.0f} | {ratio:.2f} times as fast |")
    return "\n".join(lines)


# --- from the POST to its effect ------------------------------------------------------------------------------------------


class Customer:
    """A client with its own connection that places orders for its own user, and waits until each order is counted."""

    def __init__(self, port, number):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._order = json.dumps({"username": f"seed-{number}", "product_name": "tea", "quantity": 2})
        self._user = f"/users/{number + 1}"
        self._counted = self._ask("GET", self._user, None, 200)["order_count"]

    def _ask(self, method, path, body, expected):
        self._connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != expected:
            raise RuntimeError(f"{method} {path} returned {answer.status}: {content.decode()}")
        return json.loads(content)

    def order(self):
        """Returns (milliseconds to the 201, milliseconds until the user shows the order), both from sending the POST."""
        begin = time.perf_counter()
        self._ask("POST", "/orders/", self._order, 201)
        answered = time.perf_counter()
        while self._ask("GET", self._user, None, 200)["order_count"] == self._counted:
            if time.perf_counter() > begin + 30:
                raise RuntimeError("an order was not counted within 30 seconds")
            time.sleep(0.0002)
        self._counted += 1
        return (answered - begin) * 1e3, (time.perf_counter() - begin) * 1e3


def order_one_at_a_time(port, seconds):
    customer, end = Customer(port, 0), time.perf_counter() + seconds
    times = []
    while time.perf_counter() < end:
        times.append(customer.order())
    return times


def order_at_a_rate(port, seconds, per_second=100, customers=10):
    """Places orders at an even rate. The customers take turns. Returns what `Customer.order` returns for each order."""
    times, faults = [], []
    begin = time.perf_counter() + 0.1

    def place(number):
        try:
            customer = Customer(port, number)
            for turn in range(number, seconds * per_second, customers):
                time.sleep(max(0, begin + turn / per_second - time.perf_counter()))
                times.append(customer.order())
        except (RuntimeError, OSError, http.client.HTTPException) as fault:
            faults.append(str(fault))

    threads = [threading.Thread(target=place, args=(number,)) for number in range(customers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(faults[0])
    return times


LOADS = {"one after the other": order_one_at_a_time, "100 a second": order_at_a_rate}


def is_connected(port):
    return json.loads(ask(port, "GET", "/readyz")[2])["bus"]["broker"]["connected"]


def wait_until_connected(port):
    begin = time.monotonic()
    while not is_connected(port):
        if time.monotonic() > begin + 30:
            fail("Atrium did not connect to RabbitMQ within 30 seconds")
        time.sleep(0.05)


def measure(settings, load, seconds):
    with new_folder() as folder, running(atrium(*settings), folder) as (port, _, _):
        seed(port)
        if settings:
            wait_until_connected(port)
        LOADS[load](port, 1)  # warm-up
        return LOADS[load](port, seconds)


def percentiles(times):
    parts = statistics.quantiles(times, n=100, method="inclusive")
    return parts[49], parts[98]


def latency(options):
    """Returns Markdown. The adapters take turns; the percentiles are over the orders of all rounds."""
    lines = [
        "\nFrom sending `POST /orders/` until `GET /users/{id}` shows the new count\n",
        "| adapter | arrival of orders | orders | 201 p50 ms | 201 p99 ms | counted p50 ms | counted p99 ms |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    times = {(adapter, load): [] for load in LOADS for adapter in ("in-process", "rabbitmq")}
    with running_broker() as broker:
        for _ in range(options.rounds):
            for (adapter, load), pairs in times.items():
                if adapter == "in-process":
                    pairs += measure((), load, options.seconds)
                else:
                    with broker.new_vhost() as url:
                        pairs += measure(("bus.adapter=rabbitmq", f"bus.rabbitmq.url={url}"), load, options.seconds)
    for (adapter, load), pairs in times.items():
        figures = (*percentiles([answered for answered, _ in pairs]), *percentiles([counted for _, counted in pairs]))
        lines.append(f"| `{adapter}` | {load} | {len(pairs):,} | " + " | ".join(f"{figure:.2f}" for figure in figures) + " |")
    return "\n".join(lines)


PARTS = {"events": throughput, "relay": relay, "latency": latency}
