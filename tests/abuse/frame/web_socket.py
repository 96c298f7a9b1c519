"""A WebSocket client that may misbehave: it sends and reads frames only when the case calls a method for that."""

import base64
import json
import os
import struct

from .server import Failure, connect


class WebSocket:
    """Speaks graphql-transport-ws after `begin`."""

    def __init__(self, port, path="/graphql/", receive_buffer=None):
        self.socket = connect(port, receive_buffer)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n".encode()
        )
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            piece = self.socket.recv(1)
            if not piece:
                raise Failure(f"the WebSocket handshake failed: {head!r}")
            head += piece
        if not head.startswith(b"HTTP/1.1 101"):
            raise Failure(f"the WebSocket handshake failed: {head!r}")

    @staticmethod
    def header(size, opcode=1, is_last=True):
        """Returns the header of a client's frame. The mask is zero, so that the payload is sent unchanged."""
        first = (0x80 if is_last else 0) | opcode
        if size < 126:
            length = struct.pack("!BB", first, 0x80 | size)
        elif size < 65536:
            length = struct.pack("!BBH", first, 0x80 | 126, size)
        else:
            length = struct.pack("!BBQ", first, 0x80 | 127, size)
        return length + b"\0\0\0\0"

    def send(self, text):
        payload = text.encode()
        self.socket.sendall(self.header(len(payload)) + payload)

    def send_json(self, message):
        self.send(json.dumps(message, separators=(",", ":")))

    def begin(self):
        self.send_json({"type": "connection_init"})
        if self.receive_json().get("type") != "connection_ack":
            raise Failure("connection_init was not acknowledged")

    def subscribe(self, operation_id, query, variables=None):
        payload = {"query": query} if variables is None else {"query": query, "variables": variables}
        self.send_json({"id": operation_id, "type": "subscribe", "payload": payload})

    def _read(self, count):
        parts = []
        while count:
            piece = self.socket.recv(min(count, 1 << 20))
            if not piece:
                raise Failure("the WebSocket was closed")
            parts.append(piece)
            count -= len(piece)
        return b"".join(parts)

    def receive(self):
        """Reads the next frame and returns (opcode, payload)."""
        first, second = self._read(2)
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", self._read(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self._read(8))
        return first & 0x0F, self._read(size)

    def receive_json(self):
        while True:
            opcode, payload = self.receive()
            if opcode == 1:
                return json.loads(payload)
            if opcode == 8:
                raise Failure(f"the WebSocket was closed: {payload[2:].decode()}")
