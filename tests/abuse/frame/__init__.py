"""What the cases of tests/abuse share: a server, an attacker's connections, an honest client beside it, and figures."""
