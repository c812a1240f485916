# SPDX-License-Identifier: MIT
"""Commands as templates, and random commands made of them.

A template is a line of words:

    ZADD <key> [NX|XX] [GT|LT] [CH] [INCR] (<score> <member>)...

<name> is a random value of that kind; [x] is left out half the time; (x|y) and x|y choose one; x... comes one to four times.
"""
from __future__ import annotations

import random
import re

TOKEN = re.compile(r"\.\.\.|[\[\]()|]|<[a-z-]+>|[^\s\[\]()|<>]+?(?=\.\.\.|[\s\[\]()|<>]|$)")
MOST_REPEATS = 4
NEVER_SPOILED = (b"SPOP", b"SCAN", b"SSCAN", b"HSCAN", b"ZSCAN")  # with fewer words these give what chance gives
KEY_PREFIXES = {"strings": "k", "lists": "l", "hashes": "h", "sets": "s", "sorted sets": "z", "streams": "x", "bits": "b", "geo": "g"}


class Template:
    """One parsed line."""

    def __init__(self, text: str, family: str = ""):
        self.text, self.family = text, family
        self._tokens = TOKEN.findall(text)
        self._at = 0
        self._tree = self._sequence(())
        self.name = self._tokens[0]

    def _sequence(self, ends):
        """A list of alternatives, each a list of nodes."""
        alternatives = [[]]
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token in ends:
                break
            self._at += 1
            if token in "])":
                raise ValueError(f"unbalanced template: {self.text}")
            if token == "|":
                if not ends:        # at the top, | binds the words beside it only
                    alternatives[-1][-1] = ("either", [[alternatives[-1][-1]], [self._node(self._next())]])
                    continue
                alternatives.append([])
            elif token == "...":
                alternatives[-1][-1] = ("repeat", alternatives[-1][-1])
            else:
                alternatives[-1].append(self._node(token))
        return alternatives

    def _next(self):
        self._at += 1
        return self._tokens[self._at - 1]

    def _node(self, token):
        if token in "[(":
            inner = self._sequence(("]",) if token == "[" else (")",))
            self._at += 1
            return ("optional" if token == "[" else "either", inner)
        return ("value", token[1:-1]) if token.startswith("<") else ("word", token)

    def make(self, values: "Values") -> list[bytes]:
        out: list[bytes] = []
        values.family = self.family
        self._write(("either", self._tree), values, out)
        return out

    def _write(self, node, values, out):
        kind, content = node
        if kind == "word":
            out.append(content.encode())
        elif kind == "value":
            out.extend(values.make(content))
        elif kind == "repeat":
            for _ in range(values.random.randint(1, MOST_REPEATS)):
                self._write(content, values, out)
        elif kind == "either" or values.random.random() < 0.5:
            for each in values.random.choice(content):
                self._write(each, values, out)


class Values:
    """Random values by kind, from small pools: commands must meet each other's keys and members."""

    def __init__(self, source: random.Random):
        self.random = source
        self.family = ""  # whose command is being made

    def make(self, kind: str) -> list[bytes]:
        made = getattr(self, "_" + kind.replace("-", "_"))()
        if isinstance(made, list):
            return [self._encode(each) for each in made]
        return [self._encode(made)]

    @staticmethod
    def _encode(value) -> bytes:
        return value if isinstance(value, bytes) else str(value).encode()

    def _of(self, *choices):
        return self.random.choice(choices)

    def _key(self):
        """Mostly a key of the family's own, so that it has the right type; now and then any."""
        own = self.family in KEY_PREFIXES and self.random.random() < 0.85
        prefix = KEY_PREFIXES[self.family] if own else self.random.choice(list(KEY_PREFIXES.values()))
        return f"{prefix}{self.random.randrange(3)}"

    def _lex_key(self):  # a sorted set of equal scores: without them a range of members means nothing
        return f"lex{self.random.randrange(2)}"

    def _sketch(self):  # never written otherwise: of a damaged one the two servers may think differently
        return f"p{self.random.randrange(3)}"

    def _keys(self):  # numkeys key …
        count = self.random.randint(1, 3)
        told = count if self.random.random() < 0.95 else self._of(0, -1, 2, 7, "x")
        return [told, *(self._key() for _ in range(count))]

    def _db(self):
        return self._of(0, 0, 0, 1, 1, 99, "x")

    def _member(self):
        chance = self.random.random()
        if chance < 0.45:
            return self.random.randrange(-20, 40)
        if chance < 0.9:
            return "m" + str(self.random.randrange(30))
        return self._of("", "a b", b"\x00\xff", "x" * 70, "9223372036854775807", "9223372036854775808", "-0", "007", "1.5")

    def _field(self):
        return self._member()

    def _value(self):
        chance = self.random.random()
        if chance < 0.5:
            return self._member()
        if chance < 0.9:
            return "".join(self.random.choice("abcde") for _ in range(self.random.randrange(12)))
        return self._of("y" * 64, "z" * 65, "w" * 500, b"\x80\x00\xff" * 5)

    def _text(self):
        return "".join(self.random.choice("abc ") for _ in range(self.random.randrange(10)))

    def _int(self):
        return self._of(0, 1, -1, 2, 3, 5, -3, 10, 100, self.random.randrange(-50, 50), 2**31, 2**63 - 1, -2**63, 2**63, "x", "", " 1", "1.0")

    def _small(self):
        return self.random.randrange(-6, 12) if self.random.random() < 0.95 else self._of(100, -100, 2**31 - 1, 2**63, "x", "", "1.0")

    def _count(self):
        return self.random.randrange(1, 6) if self.random.random() < 0.9 else self._of(0, -1, -3, 100, "x")

    def _float(self):
        return self._of(0, 1, -1, 1.5, -2.25, 3, 10, 1e20, "3.0e2", "0.1", self.random.randrange(-20, 20), "nan", "inf", "-inf", "x", " 1", "1e400")

    def _score(self):
        if self.random.random() < 0.85:
            return self.random.choice([self.random.randrange(-10, 20), round(self.random.uniform(-5, 5), 3)])
        return self._of("inf", "-inf", "+inf", "1e300", "-0", "0.1", "nan", "x", "", "1e-7", "123456789012345678")

    def _bound(self):
        return self._of("", "(") + str(self._of("-inf", "+inf", self.random.randrange(-10, 20), self.random.randrange(-10, 20), "x"))

    def _lex(self):
        return self._of("-", "+", f"[m{self.random.randrange(30)}", f"(m{self.random.randrange(30)}", "[", "(", "m1", "[-3")

    def _weight(self):
        return self._of(1, 2, -1, 0, 0.5, "inf", "x", 3)

    # Deadlines: never one that comes while the two servers are compared, nor two that a millisecond could order either way.
    def _ttl(self):
        return self.random.randrange(10**6, 10**9) if self.random.random() < 0.7 else self._of(-1, 0, "x", 9223372036854775807)

    def _future(self):
        return self.random.randrange(5 * 10**9, 10**10)

    def _future_ms(self):
        return self.random.randrange(5 * 10**12, 10**13)

    def _at(self):
        return self._of(99999999999, 4102444800, 1, 0, -1, "x")

    def _at_ms(self):
        return self._of(99999999999999, 4102444800000, 1, 0, "x")

    def _bit(self):
        return self._of(0, 1, 1, 2, "x")

    def _offset(self):
        return self._of(0, 1, 7, 8, 9, self.random.randrange(200), self.random.randrange(2000), -1, 2**32, "x")

    def _range_index(self):
        return self._small()

    def _kind_of_int(self):
        return self._of("u", "i") + str(self._of(1, 4, 8, 16, 31, 63, 64, 65, 0, "x"))

    def _field_offset(self):
        return self._of("", "#") + str(self._of(0, 1, 5, 8, 100, 3))

    def _pattern(self):
        return self._of("*", "m*", "k?", "*1*", "[a-m]*", "z[^1]", "\\*", "")

    def _by(self):
        return self._of("nosort", "k*", "h*->m1", "k*->m1", "#", "*")

    def _get(self):
        return self._of("#", "k*", "h*->m1", "m*", "k*->")

    def _id(self):
        return self._of(f"{self.random.randrange(1, 60)}-{self.random.randrange(4)}", str(self.random.randrange(1, 60)),
                        f"{self.random.randrange(20, 60)}-1", "0-0", "0-1", "x", "18446744073709551615-18446744073709551615")

    def _new_id(self):
        return self._of(f"{self.random.randrange(1, 80)}-{self.random.randrange(1, 5)}", f"{self.random.randrange(20, 90)}-1",
                        f"{self.random.randrange(30, 99)}-*", f"{self.random.randrange(50, 120)}-0", "0-0", "x-1")

    def _from_id(self):
        return self._of("-", "(", "", "") + str(self._id()) if self.random.random() < 0.7 else "-"

    def _to_id(self):
        return self._of("(", "", "") + str(self._id()) if self.random.random() < 0.5 else "+"

    def _group(self):
        return self._of("g1", "g1", "g2", "g3")

    def _consumer(self):
        return self._of("alice", "bob")

    def _longitude(self):
        return self._of(13.361389, 15.087269, 2.349014, -122.27652, self.random.uniform(-180, 180), 181, "x")

    def _latitude(self):
        return self._of(38.115556, 37.502669, 48.864716, 37.805186, self.random.uniform(-85, 85), 86, "x")

    def _radius(self):
        return self._of(10, 100, 200.5, 5000, 0, -1, "x", 20000)

    def _unit(self):
        return self._of("m", "km", "ft", "mi", "km", "parsec")

    def _wait(self):
        return self._of(0, 0, 1, "0.001", "-1", "-0.0001", "x", "nan", "inf", "1e30", "")


def spoil(words: list[bytes], source: random.Random) -> list[bytes]:
    """Now and then a command is not what it should be: an argument too few, too many, or another."""
    chance = source.random()
    if chance > 0.03 or len(words) < 2 or words[0] in NEVER_SPOILED or b"lex" in b" ".join(words):
        return words
    at = source.randrange(1, len(words))
    if chance < 0.01:
        return words[:at] + words[at + 1:]
    if chance < 0.02:
        return words[:at] + [words[at]] + words[at:]
    return words[:at] + [source.choice([b"", b"0", b"-1", b"LIMIT", b"WITHSCORES", b"nan", b"COUNT", b"99999999999999999999"])] + words[at + 1:]
