"""One WebSocket sends 100 mutations whose responses have about 22 MiB each, and reads nothing."""

from frame import large_responses

QUICK = False
SETTINGS = ["graphql.budget.connection=0ms"]  # this attack is on memory only


def prepare(scene):
    large_responses.prepare(scene.server)


def attack(scene):
    large_responses.subscribe_unread(scene, large_responses.MUTATION)
    scene.hold(15)
