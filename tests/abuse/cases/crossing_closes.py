"""500 WebSockets each send a close frame while the server sends its own, because it refuses their binary message."""

QUICK = True
SOCKETS = 500
SETTINGS = ["http.web_socket.close=1s"]
BINARY, CLOSE, PING = 2, 8, 9


def attack(scene):
    for _ in range(SOCKETS):
        each = scene.web_socket()
        frames = ((BINARY, b"x"), (PING, b""), (CLOSE, (1000).to_bytes(2, "big")))
        each.socket.sendall(b"".join(each.header(len(payload), opcode) + payload for opcode, payload in frames))
    scene.expect_eventually("every WebSocket ends", lambda: scene.metric("atrium_http_web_sockets") == 0, timeout=15)
