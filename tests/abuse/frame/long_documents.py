"""GraphQL documents within all default limits that take about 40 ms to validate and have a response of 100 bytes."""

_FRAGMENTS = 900
_SPREADS = " ".join(f"...F{number}" for number in range(_FRAGMENTS))
_DEFINITIONS = " ".join(f"fragment F{number} on User {{ id username }}" for number in range(_FRAGMENTS))


def document(number):
    """Returns a document that differs from those with other numbers, so that the server does not find it in its cache."""
    return f"#{number}\n{{ user(id: 1) {{ {_SPREADS} }} }} {_DEFINITIONS}"


def expect_processor_time(scene, before, limit):
    """Expects the processor time of the server since `before` to be at most `limit` seconds."""
    used = scene.server.processor_time() - before
    scene.note("processor time of the attack", f"{used:.1f} s of at most {limit:.1f} s")
    scene.expect(used <= limit, f"at most {limit:.1f} s of processor time")
