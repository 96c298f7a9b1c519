"""Two clients with the same address, which is not in a shared network, send GraphQL documents that take long to validate."""

import http.client
import itertools
import json
import threading
from collections import Counter
from contextlib import suppress

from frame import long_documents

QUICK = True
SETTINGS = ["graphql.budget.shared_networks=[]", "graphql.budget.address_burst=2s"]
CLIENTS = 2
SECONDS = 20
# In seconds: graphql.budget.address_burst, one second of overdraft, and graphql.budget.address for each second of the attack.
BUDGET = 2 + 1 + 0.5 * SECONDS
OTHER_WORK = 3  # in seconds: for receiving and sending, refusing requests, the honest client, and the system


def attack(scene):
    statuses = Counter()
    waits = set()
    numbers = itertools.count()

    def send_in_a_loop():
        connection = http.client.HTTPConnection("127.0.0.1", scene.server.port, timeout=60)
        with suppress(OSError, http.client.HTTPException):
            while True:
                body = json.dumps({"query": long_documents.document(next(numbers))})
                connection.request("POST", "/graphql/", body, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                answer.read()
                statuses[answer.status] += 1
                if answer.status == 429:
                    waits.add(int(answer.getheader("Retry-After", "0")))
                    connection.close()  # a new connection has its own budget, but the same address

    before = scene.server.processor_time()
    for _ in range(CLIENTS):
        threading.Thread(target=send_in_a_loop, daemon=True).start()
    scene.hold(SECONDS)
    long_documents.expect_processor_time(scene, before, BUDGET + OTHER_WORK)
    scene.note("statuses", json.dumps(statuses))
    scene.expect(set(statuses) == {200, 429}, "200 until the budget is used up, and then 429")
    scene.expect(waits and min(waits) > 0, "Retry-After in seconds")
