# SPDX-License-Identifier: MIT
import contextlib
import io
import socket
import threading
import types
import unittest
from pathlib import Path

from bench import parse_arguments
from harness import stage
from harness.resp import Client, ReplyError, parse_info
from harness.server import Server, free_port, listens
from harness.settings import BenchError


class ArgumentsTest(unittest.TestCase):
    def test_the_environment_stands_for_flags(self):
        self.assertTrue(parse_arguments([], {"QUICK": "1"}).quick)
        self.assertTrue(parse_arguments([], {"CLASSIC": "1"}).classic)
        self.assertFalse(parse_arguments(["--stage", "03"], {"CLASSIC": "1"}).classic)
        plain = parse_arguments([], {})
        self.assertFalse(plain.quick or plain.classic)

    def test_modes_exclude_each_other(self):
        with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit):
            parse_arguments(["--classic", "--calibrate"], {})


class StageCellsTest(unittest.TestCase):
    def cells(self, number, before):
        return stage.cells_for(types.SimpleNamespace(quick=False, only=""), number, before)

    def test_a_stage_is_asked_only_what_it_knows(self):
        self.assertTrue(all(cell.arguments[1] == "raw" for cell in self.cells(1, "")))
        ping, echo = self.cells(2, "01-tcp-echo")[:2]
        self.assertEqual(ping.arguments_for("01-tcp-echo"), ("--workload", "raw", "--value-size", 14))
        self.assertEqual(ping.arguments_for("redis-server"), ("--workload", "ping"))
        self.assertEqual(echo.arguments_for("01-tcp-echo"), ("--workload", "raw", "--value-size", 85))
        answered = [cell.name for cell in self.cells(3, "02-resp-parser") if cell.arguments_for("02-resp-parser")]
        self.assertEqual(set(answered), {"PING"})
        self.assertTrue(all(cell.arguments_for("03-get-set") for cell in self.cells(4, "03-get-set")))


class RespTest(unittest.TestCase):
    def serve(self, answer):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def once():
            peer, _ = listener.accept()
            with peer:
                peer.recv(65536)
                peer.sendall(answer)

        thread = threading.Thread(target=once)
        thread.start()
        self.addCleanup(thread.join)
        return listener.getsockname()[1]

    def test_replies_become_values(self):
        with Client(self.serve(b"*4\r\n$4\r\nsave\r\n$-1\r\n:7\r\n+OK\r\n")) as client:
            self.assertEqual(client.call("CONFIG", "GET", "save"), ["save", None, 7, "OK"])

    def test_errors_and_ends_are_raised(self):
        with Client(self.serve(b"-ERR no\r\n")) as client, self.assertRaisesRegex(ReplyError, "ERR no"):
            client.call("X")
        with Client(self.serve(b"$5\r\n")) as client, self.assertRaises(ConnectionError):
            client.call("X")

    def test_info_is_a_dict(self):
        self.assertEqual(parse_info("# Server\r\nredis_version:7.2.6\r\na:b:c\r\n"), {"redis_version": "7.2.6", "a": "b:c"})


class ServerTest(unittest.TestCase):
    settings = types.SimpleNamespace(redis="redis-server", server_core=None)

    def test_a_server_that_ends_is_one_line(self):
        with self.assertRaisesRegex(BenchError, "ended at its start"):
            Server(self.settings, "false", "false").__enter__()

    def test_a_program_that_is_not_there_is_one_line(self):
        with self.assertRaisesRegex(BenchError, "cannot run"):
            Server(self.settings, "none", Path("/nowhere/server")).__enter__()

    def test_a_free_port_is_free(self):
        self.assertFalse(listens(free_port()))


if __name__ == "__main__":
    unittest.main()
