"""One WebSocket sends GraphQL documents that take long to validate, 10 at a time, and reads the errors."""

import itertools
import json
import threading
from collections import Counter
from contextlib import suppress

from frame import long_documents
from frame.server import Failure

QUICK = True
AT_ONCE = 10  # documents that are sent before their errors are read
SECONDS = 25
# In seconds: graphql.budget.connection_burst, one second of overdraft, and graphql.budget.connection for each second.
BUDGET = 5 + 1 + 0.25 * SECONDS
OTHER_WORK = 2  # in seconds: for receiving and sending, the honest client, and the system


def attack(scene):
    codes = Counter()

    def send_in_a_loop(socket):
        with suppress(OSError, Failure):
            for number in itertools.count():
                socket.subscribe(str(number), long_documents.document(number))
                if number >= AT_ONCE:
                    message = socket.receive_json()
                    codes.update(each["extensions"]["code"] for each in message["payload"])

    socket = scene.web_socket()
    socket.begin()
    before = scene.server.processor_time()
    threading.Thread(target=send_in_a_loop, args=(socket,), daemon=True).start()
    scene.hold(SECONDS)
    long_documents.expect_processor_time(scene, before, BUDGET + OTHER_WORK)
    scene.note("errors", json.dumps(codes))
    scene.expect(codes["GRAPHQL_VALIDATION_FAILED"] > 0, "documents that are validated")
    scene.expect(set(codes) <= {"GRAPHQL_VALIDATION_FAILED", "RATE_LIMITED"}, "no other errors")
