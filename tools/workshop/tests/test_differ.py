# SPDX-License-Identifier: MIT
import random
import unittest

from workshop.differ.families import FAMILIES
from workshop.differ.grammar import Template, Values, spoil
from workshop.differ.replies import agree, parse, split
from workshop.differ.run import Fuzzer, Peer
from workshop.project import Failure


class Echoes(Peer):
    """A server that answers +OK to everything; `wrong` counts from 1 and names the reply that is another one."""

    def __init__(self, wrong=None):
        self.wrong, self.seen, self._requests = wrong, [], []

    def send(self, requests):
        self._requests = requests
        self.seen += requests

    def receive(self):
        return b"".join(b"-ERR spoilt\r\n" if words == self.wrong else b"+OK\r\n" for words in self._requests)

    def run(self, *words):
        return b"+OK"

    def version(self):
        return (7, 2, 6)


class GrammarTest(unittest.TestCase):
    def test_a_template_gives_its_words_in_order(self):
        made = Template("ZADD <key> [NX|XX] (<score> <member>)...", "sorted sets").make(Values(random.Random(4)))
        self.assertEqual(made[0], b"ZADD")
        rest = [word for word in made[2:] if word not in (b"NX", b"XX")]
        self.assertGreaterEqual(len(rest), 2)
        self.assertEqual(len(rest) % 2, 0)

    def test_choices_are_all_met(self):
        values = Values(random.Random(1))
        met = {tuple(Template("LMOVE LEFT|RIGHT [a b]").make(values)) for _ in range(200)}
        self.assertEqual(met, {(b"LMOVE", b"LEFT"), (b"LMOVE", b"RIGHT"), (b"LMOVE", b"LEFT", b"a", b"b"), (b"LMOVE", b"RIGHT", b"a", b"b")})

    def test_every_line_of_every_family_can_be_made(self):
        values = Values(random.Random(2))
        for name, (text, _) in FAMILIES.items():
            for line in text.strip().splitlines():
                for _ in range(20):
                    self.assertEqual(Template(line, name).make(values)[0].decode(), line.split()[0])

    def test_an_unbalanced_template_is_refused(self):
        with self.assertRaises(ValueError):
            Template("GET <key>]")

    def test_a_seed_gives_the_same_commands(self):
        line = Template("SET <key> <value> [EX <ttl>]", "strings")
        one, other = Values(random.Random(9)), Values(random.Random(9))
        self.assertEqual([line.make(one) for _ in range(50)], [line.make(other) for _ in range(50)])

    def test_what_chance_would_decide_is_not_spoilt(self):
        source = random.Random(3)
        self.assertTrue(all(spoil([b"SPOP", b"s0", b"100000"], source)[-1] == b"100000" for _ in range(500)))
        self.assertTrue(any(spoil([b"GET", b"k0"], source) != [b"GET", b"k0"] for _ in range(500)))


class RepliesTest(unittest.TestCase):
    def test_replies_are_taken_apart(self):
        data = b"*2\r\n$1\r\na\r\n:7\r\n%1\r\n+k\r\n,1.5\r\n_\r\n-ERR no\r\n"
        self.assertEqual([reply for reply, _ in split(data, 4)], [[b"a", 7], [[b"k", b"1.5"]], None, b"ERR no"])

    def test_order_matters_only_where_there_is_one(self):
        one, other = [b"a", b"b"], [b"b", b"a"]
        self.assertTrue(agree([b"SMEMBERS", b"s"], one, other))
        self.assertFalse(agree([b"LRANGE", b"l", b"0", b"-1"], one, other))
        self.assertFalse(agree([b"SMEMBERS", b"s"], one, [b"a", b"c"]))

    def test_an_error_is_not_a_string_of_the_same_text(self):
        error, text = parse(b"-x\r\n", 0)[0], parse(b"$1\r\nx\r\n", 0)[0]
        self.assertFalse(agree([b"GET", b"k"], error, text))

    def test_an_older_redis_may_word_errors_and_digits_otherwise(self):
        one, other = parse(b"-ERR this\r\n", 0)[0], parse(b"-ERR that\r\n", 0)[0]
        self.assertFalse(agree([b"GET", b"k"], one, other))
        self.assertTrue(agree([b"GET", b"k"], one, other, modern=False))
        self.assertTrue(agree([b"ZSCORE", b"z", b"m"], b"4.526", b"4.5259999999999998", modern=False))
        self.assertFalse(agree([b"GET", b"k"], parse(b"-ERR a\r\n", 0)[0], parse(b"-WRONGTYPE a\r\n", 0)[0], modern=False))


class FuzzerTest(unittest.TestCase):
    def test_servers_that_agree_are_let_through(self):
        fuzzer = Fuzzer(Echoes(), Echoes(), 1)
        fuzzer.run(3000, said=lambda _: None)
        self.assertGreaterEqual(fuzzer.commands, 3000)

    def test_one_wrong_reply_is_found_and_alone_remains(self):
        ours, theirs = Echoes(), Echoes()
        probe = Fuzzer(ours, theirs, 5)
        probe.run(2000, said=lambda _: None)
        ours.wrong = next(words for words in ours.seen if words[0] == b"ZADD")
        with self.assertRaises(Failure) as raised:
            Fuzzer(ours, theirs, 5).run(2000, said=lambda _: None)
        text = str(raised.exception)
        self.assertIn("ERR spoilt", text)
        self.assertIn("seed 5", text)
        self.assertLess(len(text.splitlines()), 16, text)    # four lines of beginning, one block of commands, the verdict


if __name__ == "__main__":
    unittest.main()
