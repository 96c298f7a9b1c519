"""GraphQL in bench/run: a query with two levels compared with Mercurius, and the cost of each step of the engine."""

import contextlib
import json
import os
import subprocess
import time

from load import table, wrk
from servers import ATRIUM, BUILD, ROOT, Server, ask, atrium, fail, new_folder, running

MICRO = BUILD / "bench/graphql_bench"
PEER = ROOT / "bench/peers/mercurius/server.js"
CORES = os.cpu_count()
USERS, ORDERS = 100, 1000

NEEDED = {"graphql": (ATRIUM, PEER.parent / "node_modules"), "graphql_micro": (MICRO,)}

LOAD = "{allOrders(first:100){productName user{username}}}"  # the query in load.lua


def mercurius(processes):
    name = f"Mercurius with jit, {processes} process{'es' if processes > 1 else ''}"
    return Server(name, lambda port, folder: ["node", PEER, port, f"{folder}/peer.db", processes])


def post(port, document):
    status, _, body = ask(port, "POST", "/graphql/", {"query": document})
    return status, body


def data_of(port, document):
    """Sends the GraphQL document and returns the data of the response. Ends the benchmark if the response has errors."""
    answer = json.loads(post(port, document)[1])
    if "errors" in answer:
        fail(f"{document[:100]} had errors: {answer['errors'][0]['message']}")
    return answer["data"]


# --- the comparison of the responses ---------------------------------------------------------------------------------------


def fill(port):
    """Creates 100 users and 1000 orders with mutations, the same on each server, and waits until all orders are counted."""
    users = [f'u{n}: createUser(input: {{username: "seed-{n}", email: "seed-{n}@example.com"}}) {{id}}' for n in range(USERS)]
    orders = [f'o{n}: createOrder(input: {{username: "seed-{n % USERS}", productName: "product {n}"}}) {{id}}'
              for n in range(ORDERS)]  # fmt: skip
    for fields in (users, orders):
        for begin in range(0, len(fields), 50):
            data_of(port, "mutation {" + " ".join(fields[begin : begin + 50]) + "}")
    begin = time.monotonic()
    while sum(user["orderCount"] for user in data_of(port, "{allUsers {orderCount}}")["allUsers"]) < ORDERS:
        if time.monotonic() > begin + 60:
            fail("not all orders were counted within a minute")
        time.sleep(0.01)


def shape(value):
    """Returns the part of a response that must be equal on all servers. Times, messages of errors and their extensions may
    differ. If a document is invalid, the response of Mercurius has the member `data` with the value null; the
    specification does not allow this member.
    """
    if isinstance(value, dict):
        if "message" in value:
            return value.get("path"), value.get("locations")
        return {
            key: "a time" if key.endswith("At") and inner else shape(inner)
            for key, inner in value.items()
            if (key, inner) != ("data", None)
        }
    return [shape(inner) for inner in value] if isinstance(value, list) else value


USER_FIELDS = "id username email orderCount lastOrderAt revision createdAt updatedAt"
ORDER_FIELDS = f"id user {{{USER_FIELDS}}} productName quantity status revision createdAt updatedAt"
QUERIES = (
    f"{{allOrders(first: 1000) {{{ORDER_FIELDS}}}}}",
    f"{{allUsers {{{USER_FIELDS}}}}}",
    "query q {page: allOrders(first: 2) {...o}} fragment o on Order {__typename id user {__typename}}",
    "{allOrders(first: 0) {id}}",
    "{allOrders(first: 1001) {id}}",
    'mutation {createOrder(input: {username: "unknown", productName: "tea"}) {id}}',
    "{allOrders {price}}",
    "{allOrders",
)


def check_same_answers(folders):
    """Compares the responses of all servers. The query of the load is sent several times, because a peer compiles a query that
    it has received before. Its responses must have the same bytes before and after the compilation.
    """
    answers = {}
    for server, folder in folders.items():
        with running(server, folder) as (port, _, _):
            load_responses = {post(port, LOAD) for _ in range(3 * CORES)}
            others = [shape(json.loads(post(port, query)[1])) for query in QUERIES]
            answers[server.name] = [("the load", load_responses), *zip(QUERIES, others)]
    (ours, *peers) = answers.values()
    if len(ours[0][1]) != 1:
        fail("Atrium's responses to the same query differ")
    for theirs in peers:
        for our, their in zip(ours, theirs):
            if our != their:
                fail(f"the response of the peer differs from that of Atrium:\n  Atrium:    {our}\n  Mercurius: {their}")


# --- the parts ------------------------------------------------------------------------------------------------------------


def graphql(options):
    """Measures all servers and returns Markdown. A server's runs share its data folder, because the load changes nothing; each
    run starts a new process.
    """
    with contextlib.ExitStack() as stack:
        folders = {server: stack.enter_context(new_folder()) for server in (atrium(), mercurius(1), mercurius(CORES))}
        for server, folder in folders.items():
            with running(server, folder) as (port, _, _):
                fill(port)
        check_same_answers(folders)
        rounds = {server: [] for server in folders}
        for _ in range(options.rounds):
            for server, figures in rounds.items():
                with running(server, folders[server]) as (port, _, _):
                    wrk(port, "graphql", "warm", 2)
                    figures.append(wrk(port, "graphql", "load", options.seconds))
    return table(f"`{LOAD}`: 100 orders with their users", rounds)


def graphql_micro(options):
    """Measures each step of the engine and returns Markdown with the medians of all rounds."""
    completed = subprocess.run(
        [MICRO, f"--benchmark_repetitions={options.rounds}", "--benchmark_report_aggregates_only", "--benchmark_format=json"],
        check=True, stdout=subprocess.PIPE, text=True, timeout=600,
    )  # fmt: skip
    lines = [
        f"\nThe engine's steps for `{LOAD}`, one after the other on one thread\n",
        "| step | µs | allocations | bytes allocated |",
        "|---|---:|---:|---:|",
    ]
    for step in json.loads(completed.stdout)["benchmarks"]:
        if step["aggregate_name"] == "median":
            microseconds = step["cpu_time"] / {"ns": 1000, "us": 1}[step["time_unit"]]
            lines.append(f"| {step['run_name']} | {microseconds:.2f} | {step['allocations']:,.0f} | {step['bytes']:,.0f} |")
    return "\n".join(lines)


PARTS = {"graphql": graphql, "graphql_micro": graphql_micro}
