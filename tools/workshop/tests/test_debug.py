# SPDX-License-Identifier: MIT
import socket
import threading
import unittest
from unittest import mock

from workshop import debug, demo


class Forward(unittest.TestCase):
    def test_bytes_and_ends_pass_in_both_directions(self):
        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        with mock.patch.object(debug, "PORT", server.getsockname()[1]):
            threading.Thread(target=debug.forward, args=(None, port), daemon=True).start()
            client = self.connect(port)
            self.addCleanup(client.close)
            peer, _ = server.accept()
            self.addCleanup(peer.close)
            client.sendall(b"PING\r\n")
            client.shutdown(socket.SHUT_WR)
            received = b""
            while data := peer.recv(100):
                received += data
            self.assertEqual(received, b"PING\r\n")
            peer.sendall(b"+PONG\r\n")
            self.assertEqual(client.recv(100), b"+PONG\r\n")
            peer.shutdown(socket.SHUT_WR)
            self.assertEqual(client.recv(100), b"")

    def connect(self, port):
        for _ in range(500):
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=5)
            except ConnectionRefusedError:
                threading.Event().wait(0.01)
        self.fail("the forwarder did not listen")


class Demo(unittest.TestCase):
    def test_sessions_are_the_executed_console_fences(self):
        text = "# A\n```console\n$ redis-cli -p $PORT PING\nPONG\n$ date\n```\n```console captured=2026-01-01\n$ no\n```\n"
        self.assertEqual(demo.sessions(text), [["redis-cli -p $PORT PING", "date"]])


if __name__ == "__main__":
    unittest.main()
