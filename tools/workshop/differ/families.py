# SPDX-License-Identifier: MIT
"""The commands that are tried, by family. Left out on purpose: what differs between two servers by its nature (time, memory,
clients, configuration), and what takes members by chance and would let the two data sets part."""
from __future__ import annotations

STRINGS = """
SET <key> <value> [NX|XX] [GET] [EX <ttl>|PX <ttl>|KEEPTTL|EXAT <future>|PXAT <future-ms>]
GET <key>
GETSET <key> <value>
GETDEL <key>
GETEX <key> [EX <ttl>|PERSIST|PXAT <at-ms>]
SETNX <key> <value>
SETEX <key> <ttl> <value>
PSETEX <key> <ttl> <value>
MGET <key>...
MSET (<key> <value>)...
MSETNX (<key> <value>)...
APPEND <key> <value>
STRLEN <key>
GETRANGE <key> <small> <small>
SUBSTR <key> <small> <small>
SETRANGE <key> <small> <value>
INCR <key>
DECR <key>
INCRBY <key> <int>
DECRBY <key> <int>
INCRBYFLOAT <key> <float>
LCS <key> <key> [LEN] [IDX] [MINMATCHLEN <small>] [WITHMATCHLEN]
"""

KEYS = """
DEL <key>...
UNLINK <key>...
EXISTS <key>...
TYPE <key>
TOUCH <key>...
RENAME <key> <key>
RENAMENX <key> <key>
COPY <key> <key> [DB <db>] [REPLACE]
MOVE <key> <db>
EXPIRE <key> <ttl> [NX|XX|GT|LT]
PEXPIRE <key> <ttl> [NX|XX|GT|LT]
EXPIREAT <key> <at> [NX|XX|GT|LT]
PEXPIREAT <key> <at-ms> [NX|XX]
PERSIST <key>
TTL <key>
PTTL <key>
EXPIRETIME <key>
PEXPIRETIME <key>
OBJECT ENCODING <key>
DUMP <key>
DBSIZE
KEYS <pattern>
SCAN 0 COUNT 100000 [MATCH <pattern>] [TYPE string|list|hash]
RANDOMKEY
SWAPDB 0 1
SORT <key> [BY <by>] [LIMIT <small> <small>] [GET <get>...] [ASC|DESC] [ALPHA]
SORT <key> [LIMIT <small> <small>] [GET <get>...] [ASC|DESC] ALPHA STORE <key>
SORT_RO <key> [BY <by>] [LIMIT <small> <small>] [ASC|DESC] [ALPHA]
DEBUG DIGEST-VALUE <key>
"""

LISTS = """
LPUSH <key> <value>...
RPUSH <key> <value>...
LPUSHX <key> <value>...
RPUSHX <key> <value>...
LPOP <key> [<count>]
RPOP <key> [<count>]
LLEN <key>
LRANGE <key> <small> <small>
LINDEX <key> <small>
LINSERT <key> BEFORE|AFTER <value> <value>
LSET <key> <small> <value>
LREM <key> <small> <value>
LTRIM <key> <small> <small>
LPOS <key> <value> [RANK <small>] [COUNT <count>] [MAXLEN <count>]
LMOVE <key> <key> LEFT|RIGHT LEFT|RIGHT
RPOPLPUSH <key> <key>
LMPOP <keys> LEFT|RIGHT [COUNT <count>]
"""

HASHES = """
HSET <key> (<field> <value>)...
HMSET <key> (<field> <value>)...
HSETNX <key> <field> <value>
HGET <key> <field>
HMGET <key> <field>...
HGETALL <key>
HKEYS <key>
HVALS <key>
HLEN <key>
HSTRLEN <key> <field>
HEXISTS <key> <field>
HDEL <key> <field>...
HINCRBY <key> <field> <int>
HINCRBYFLOAT <key> <field> <float>
HRANDFIELD <key> [<count> [WITHVALUES]]
HSCAN <key> 0 COUNT 100000 [MATCH <pattern>]
"""

SETS = """
SADD <key> <member>...
SREM <key> <member>...
SCARD <key>
SMEMBERS <key>
SISMEMBER <key> <member>
SMISMEMBER <key> <member>...
SMOVE <key> <key> <member>
SPOP <key> 100000
SRANDMEMBER <key> [<count>]
SINTER <key>...
SINTERCARD <keys> [LIMIT <count>]
SUNION <key>...
SDIFF <key>...
SINTERSTORE <key> <key>...
SUNIONSTORE <key> <key>...
SDIFFSTORE <key> <key>...
SSCAN <key> 0 COUNT 100000 [MATCH <pattern>]
"""

SORTED_SETS = """
ZADD <key> [NX|XX] [GT|LT] [CH] (<score> <member>)...
ZADD <key> (<score> <member>)...
ZADD <key> [NX|XX] INCR <score> <member>
ZINCRBY <key> <score> <member>
ZSCORE <key> <member>
ZMSCORE <key> <member>...
ZCARD <key>
ZRANK <key> <member> [WITHSCORE]
ZREVRANK <key> <member> [WITHSCORE]
ZREM <key> <member>...
ZCOUNT <key> <bound> <bound>
ZLEXCOUNT <lex-key> <lex> <lex>
ZRANGE <key> <small> <small> [REV] [WITHSCORES]
ZRANGE <key> <bound> <bound> BYSCORE [REV] [LIMIT <small> <small>] [WITHSCORES]
ZRANGE <lex-key> <lex> <lex> BYLEX [REV] [LIMIT <small> <small>]
ZREVRANGE <key> <small> <small> [WITHSCORES]
ZRANGEBYSCORE <key> <bound> <bound> [WITHSCORES] [LIMIT <small> <small>]
ZREVRANGEBYSCORE <key> <bound> <bound> [WITHSCORES] [LIMIT <small> <small>]
ZRANGEBYLEX <lex-key> <lex> <lex> [LIMIT <small> <small>]
ZREVRANGEBYLEX <lex-key> <lex> <lex> [LIMIT <small> <small>]
ZRANGESTORE <key> <key> <small> <small> [REV]
ZRANGESTORE <key> <key> <bound> <bound> BYSCORE [REV] [LIMIT <small> <small>]
ZRANGESTORE <key> <lex-key> <lex> <lex> BYLEX [REV] [LIMIT <small> <small>]
ZREMRANGEBYRANK <key> <small> <small>
ZREMRANGEBYSCORE <key> <bound> <bound>
ZADD <lex-key> (0 <member>)...
ZREM <lex-key> <member>
ZREMRANGEBYLEX <lex-key> <lex> <lex>
ZPOPMIN <key> [<count>]
ZPOPMAX <key> [<count>]
ZMPOP <keys> MIN|MAX [COUNT <count>]
ZUNION <keys> [AGGREGATE SUM|MIN|MAX] [WITHSCORES]
ZINTER <keys> [WEIGHTS <weight>...] [AGGREGATE SUM|MIN|MAX] [WITHSCORES]
ZDIFF <keys> [WITHSCORES]
ZUNIONSTORE <key> <keys> [WEIGHTS <weight>...] [AGGREGATE SUM|MIN|MAX]
ZINTERSTORE <key> <keys> [AGGREGATE SUM|MIN|MAX]
ZDIFFSTORE <key> <keys>
ZINTERCARD <keys> [LIMIT <count>]
ZRANDMEMBER <key> [<count> [WITHSCORES]]
ZSCAN <key> 0 COUNT 100000 [MATCH <pattern>]
"""

STREAMS = """
XADD <key> [NOMKSTREAM] [MAXLEN <count>|MINID <id>] <new-id> (<field> <value>)...
XADD <key> <new-id> a 1
XLEN <key>
XRANGE <key> <from-id> <to-id> [COUNT <count>]
XREVRANGE <key> <to-id> <from-id> [COUNT <count>]
XREAD [COUNT <count>] STREAMS <key> <id>
XREAD [COUNT <count>] STREAMS <key> <key> <id> <id>
XDEL <key> <id>...
XTRIM <key> MAXLEN|MINID <small>
XTRIM <key> MAXLEN = <count>
XTRIM <key> MAXLEN|MINID ~ <small> [LIMIT <count>]
XADD <key> MAXLEN|MINID ~ <small> [LIMIT <count>] <new-id> a 1
XSETID <key> <id> [ENTRIESADDED <count> MAXDELETEDID <id>]
XGROUP CREATE <key> <group> 0|$ [MKSTREAM] [ENTRIESREAD <count>]
XGROUP CREATE <key> <group> <id> MKSTREAM
XGROUP SETID <key> <group> <id>
XGROUP DESTROY <key> <group>
XGROUP CREATECONSUMER <key> <group> <consumer>
XGROUP DELCONSUMER <key> <group> <consumer>
XREADGROUP GROUP <group> <consumer> [COUNT <count>] [NOACK] STREAMS <key> >
XREADGROUP GROUP <group> <consumer> [COUNT <count>] STREAMS <key> <id>
XREADGROUP GROUP <group> <consumer> [COUNT <count>] STREAMS <key> <key> >|0 >
XACK <key> <group> <id>...
XPENDING <key> <group>
XPENDING <key> <group> - + <count> [<consumer>]
XPENDING <key> <group> IDLE 0 <from-id> <to-id> <count> [<consumer>]
XCLAIM <key> <group> <consumer> 0 <id>... [RETRYCOUNT <count>] [FORCE] [JUSTID]
XCLAIM <key> <group> <consumer> 0 <id>... [IDLE <small>] [FORCE] [LASTID <id>]
XAUTOCLAIM <key> <group> <consumer> 0 <id> [COUNT <count>] [JUSTID]
XINFO STREAM <key>
XINFO GROUPS <key>
"""

BITS = """
SETBIT <key> <offset> <bit>
GETBIT <key> <offset>
BITCOUNT <key> [<small> <small> [BYTE|BIT]]
BITPOS <key> <bit> [<small> [<small> [BYTE|BIT]]]
BITOP AND|OR|XOR|NOT <key> <key>...
BITOP NOT <key> <key>
BITFIELD <key> GET <kind-of-int> <field-offset>
BITFIELD <key> SET <kind-of-int> <field-offset> <int>
BITFIELD <key> [OVERFLOW WRAP|SAT|FAIL] INCRBY <kind-of-int> <field-offset> <int> [GET <kind-of-int> <field-offset>]
BITFIELD_RO <key> GET <kind-of-int> <field-offset>
PFADD <sketch> <member>...
PFCOUNT <sketch>...
PFMERGE <sketch> <sketch>...
"""

GEO = """
GEOADD <key> [NX|XX] [CH] (<longitude> <latitude> <member>)...
GEODIST <key> <member> <member> [<unit>]
GEOHASH <key> <member>...
GEOPOS <key> <member>...
GEORADIUS <key> <longitude> <latitude> <radius> <unit> [WITHDIST] [WITHCOORD] [WITHHASH] [COUNT <count> [ANY]] ASC|DESC
GEORADIUSBYMEMBER <key> <member> <radius> <unit> [WITHDIST] ASC|DESC
GEOSEARCH <key> FROMLONLAT <longitude> <latitude> BYRADIUS <radius> <unit> ASC|DESC [WITHDIST]
GEOSEARCH <key> FROMMEMBER <member> BYBOX <radius> <radius> <unit> ASC|DESC [WITHCOORD]
GEOSEARCHSTORE <key> <key> FROMMEMBER <member> BYRADIUS <radius> <unit> ASC [STOREDIST]
GEOSEARCHSTORE <key> <key> FROMLONLAT <longitude> <latitude> BYBOX <radius> <radius> <unit> ASC COUNT <count> [STOREDIST]
GEORADIUS <key> <longitude> <latitude> <radius> <unit> ASC|DESC STORE|STOREDIST <key>
GEORADIUS_RO <key> <longitude> <latitude> <radius> <unit> ASC|DESC [WITHHASH] [COUNT <count>]
GEORADIUSBYMEMBER_RO <key> <member> <radius> <unit> ASC|DESC [WITHCOORD]
"""

# What would wait, and therefore comes within transactions only: there nobody does.
WITHIN_TRANSACTIONS = {"lists": """
BLPOP <key>... <wait>
BRPOP <key>... <wait>
BLMOVE <key> <key> LEFT|RIGHT LEFT|RIGHT <wait>
BRPOPLPUSH <key> <key> <wait>
BLMPOP <wait> <keys> LEFT|RIGHT [COUNT <count>]
""", "sorted sets": """
BZPOPMIN <key>... <wait>
BZPOPMAX <key>... <wait>
BZMPOP <wait> <keys> MIN|MAX [COUNT <count>]
""", "streams": """
XREAD [COUNT <count>] BLOCK <small> STREAMS <key> <key> <id>|$ <id>
XREADGROUP GROUP <group> <consumer> [COUNT <count>] BLOCK <small> STREAMS <key> <key> >|0 >
"""}

# Weight by family: how often it comes.
FAMILIES = {"strings": (STRINGS, 3), "keys": (KEYS, 3), "lists": (LISTS, 3), "hashes": (HASHES, 3), "sets": (SETS, 3),
            "sorted sets": (SORTED_SETS, 4), "streams": (STREAMS, 3), "bits": (BITS, 2), "geo": (GEO, 1)}
# What a server that is older than 7.2 does not know or does otherwise: not sent to it.
SINCE_7_2 = ("ZRANK <key> <member> [WITHSCORE]", "ZREVRANK <key> <member> [WITHSCORE]")
OTHERWISE_BEFORE_7_2 = ("XINFO ", "XGROUP CREATECONSUMER ", "XAUTOCLAIM ", "XSETID ", "DEBUG DIGEST-VALUE", "DUMP ", "OBJECT ENCODING")
