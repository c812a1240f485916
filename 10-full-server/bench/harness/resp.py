# SPDX-License-Identifier: MIT
"""A RESP2 client of a page: enough to ask a server for its version and to set a parameter."""
import socket


class ReplyError(Exception):
    pass


class Client:
    def __init__(self, port, host="127.0.0.1", timeout=10):
        self._socket = socket.create_connection((host, port), timeout)
        self._stream = self._socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stream.close()
        self._socket.close()

    def call(self, *arguments):
        parts = [b"*%d\r\n" % len(arguments)]
        for argument in arguments:
            data = str(argument).encode()
            parts.append(b"$%d\r\n%s\r\n" % (len(data), data))
        self._socket.sendall(b"".join(parts))
        return self._read()

    def _read(self):
        line = self._stream.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("the connection was closed")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest.decode()
        if kind == b"-":
            raise ReplyError(rest.decode(errors="replace"))
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return self._read_bulk(int(rest))
        if kind == b"*":
            return [self._read() for _ in range(int(rest))]
        raise ConnectionError(f"not RESP: {line[:40]!r}")

    def _read_bulk(self, size):
        if size < 0:
            return None
        data = self._stream.read(size + 2)
        if len(data) != size + 2:
            raise ConnectionError("the connection was closed")
        return data[:-2].decode(errors="replace")


def parse_info(text):
    """INFO's `name:value` lines as a dict."""
    pairs = (line.split(":", 1) for line in text.splitlines() if ":" in line and not line.startswith("#"))
    return {name: value.strip() for name, value in pairs}
