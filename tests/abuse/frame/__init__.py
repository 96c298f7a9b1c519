"""Shared by the cases of tests/abuse: a server, an attacker's connections, an honest client, and measurements."""
