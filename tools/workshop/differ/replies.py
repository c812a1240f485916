# SPDX-License-Identifier: MIT
"""Replies taken apart, and what makes two of them equal although their bytes are not."""
from __future__ import annotations


class Error(bytes):
    """An error reply: its text."""


class Simple(bytes):
    """A simple string."""


class Double(bytes):
    """A RESP3 double: its digits."""


def parse(data: bytes, at: int):
    """One reply at this offset, and the offset behind it."""
    end = data.index(b"\r\n", at)
    kind, line, at = data[at:at + 1], data[at + 1:end], end + 2
    if kind == b"+":
        return Simple(line), at
    if kind == b"-":
        return Error(line), at
    if kind == b":":
        return int(line), at
    if kind == b",":
        return Double(line), at
    if kind == b"#":
        return line == b"t", at
    if kind == b"_":
        return None, at
    if kind in b"$=(":
        if kind == b"(":
            return line, at
        size = int(line)
        return (None, at) if size < 0 else (data[at:at + size], at + size + 2)
    if kind in b"*~>%":
        count = int(line)
        if count < 0:
            return None, at
        items = []
        for _ in range(count * (2 if kind == b"%" else 1)):
            item, at = parse(data, at)
            items.append(item)
        if kind == b"%":
            items = [list(pair) for pair in zip(items[::2], items[1::2])]
        return items, at
    raise ValueError(f"not a reply: {kind + line!r}")


def split(data: bytes, count: int) -> list[tuple[object, bytes]]:
    """So many replies, each taken apart and as bytes."""
    replies, at = [], 0
    for _ in range(count):
        reply, end = parse(data, at)
        replies.append((reply, data[at:end]))
        at = end
    return replies


def _sorted(items):
    return sorted(items, key=repr)


def _pairs(items):
    """A flat list as pairs; RESP3 brings pairs already."""
    if items and isinstance(items[0], list):
        return items
    return [list(pair) for pair in zip(items[::2], items[1::2])]


def unordered(a, b, words):
    return isinstance(a, list) and isinstance(b, list) and _sorted(a) == _sorted(b)


def unordered_pairs(a, b, words):
    return isinstance(a, list) and isinstance(b, list) and _sorted(_pairs(a)) == _sorted(_pairs(b))


def scanned(a, b, words):
    if not (isinstance(a, list) and isinstance(b, list) and len(a) == len(b) == 2 and a[0] == b[0]):
        return False
    same = unordered if words[0].upper() in (b"SCAN", b"SSCAN") else unordered_pairs
    return same(a[1], b[1], words)


def by_chance(a, b, words):
    """Only the shape can be compared: which members come is chance."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b)
    return type(a) is type(b) and not isinstance(a, Error)


def about_seconds(a, b, words):
    return isinstance(a, int) and isinstance(b, int) and a > 0 and b > 0 and abs(a - b) <= 5


def about_milliseconds(a, b, words):
    return isinstance(a, int) and isinstance(b, int) and a > 0 and b > 0 and abs(a - b) <= 5000


def dumped(a, b, words):
    """A table has no order, so its bytes have none either, nor have those of a listpack that was filled from a table; a
    stream's consumers were seen at slightly different times."""
    if not (isinstance(a, bytes) and isinstance(b, bytes) and a[:1] == b[:1]):
        return False
    if a[:1] in (b"\x12", b"\x0e"):    # how a list is cut into nodes depends on how it came to be
        return True
    return a[:1] in (b"\x02", b"\x04", b"\x0f", b"\x10", b"\x13", b"\x14", b"\x15") and len(a) == len(b)


def pending(a, b, words):
    """How long an entry has been with its consumer is not the same to the millisecond."""
    def rid(reply):
        return [row[:2] + row[3:] if isinstance(row, list) and len(row) == 4 else row for row in reply]
    return isinstance(a, list) and isinstance(b, list) and rid(a) == rid(b)


def sorted_by_reference(a, b, words):
    """What has equal weights comes in any order; with a limit it may be others."""
    if b"BY" not in [word.upper() for word in words]:
        return False
    return isinstance(a, list) and isinstance(b, list) and len(a) == len(b)


RULES = {b"SMEMBERS": unordered, b"SINTER": unordered, b"SUNION": unordered, b"SDIFF": unordered, b"SPOP": unordered,
         b"KEYS": unordered, b"HKEYS": unordered, b"HVALS": unordered, b"HGETALL": unordered_pairs,
         b"SCAN": scanned, b"SSCAN": scanned, b"HSCAN": scanned, b"ZSCAN": scanned,
         b"SRANDMEMBER": by_chance, b"HRANDFIELD": by_chance, b"ZRANDMEMBER": by_chance, b"RANDOMKEY": by_chance,
         b"TTL": about_seconds, b"EXPIRETIME": about_seconds, b"PTTL": about_milliseconds, b"PEXPIRETIME": about_milliseconds,
         b"DUMP": dumped, b"XPENDING": pending, b"SORT": sorted_by_reference, b"SORT_RO": sorted_by_reference}


def loosely(a, b) -> bool:
    """For a Redis before 7.2: the same kind of error, in other words; the same number, in 17 digits."""
    if isinstance(a, Error) and isinstance(b, Error):
        return a.split(b" ")[0] == b.split(b" ")[0]
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(loosely, a, b))
    if type(a) is type(b) and isinstance(a, bytes) and a != b:
        try:
            return float(a) == float(b)
        except ValueError:
            return False
    return a == b and type(a) is type(b)


def agree(words: list[bytes], ours, theirs, modern: bool = True) -> bool:
    """Whether two replies to this command mean the same."""
    if ours == theirs and type(ours) is type(theirs):
        return True
    if not modern and loosely(ours, theirs):
        return True
    rule = RULES.get(words[0].upper())
    return rule is not None and rule(ours, theirs, words)
