// SPDX-License-Identifier: MIT
// hiredis against the server on $HOST:$PORT; compiled and started by hiredis.sh. A line of it says what is sent and what
// must come back, spelled as print_reply() spells replies: 3 "text" +OK -ERR… nil [a, b].

#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { kText = 4096, kLarge = 1 << 20 };
static const char* step = "";
static int checks = 0;

static void fail(const char* sent, const char* expected, const char* got) {
  printf("in %s: %s\n  expected: %s\n  got:      %s\n", step, sent, expected, got);
  exit(1);
}

static size_t print_reply(const redisReply* reply, char* to, size_t room) {
  switch (reply->type) {
    case REDIS_REPLY_INTEGER: return (size_t)snprintf(to, room, "%lld", reply->integer);
    case REDIS_REPLY_STRING: return (size_t)snprintf(to, room, "\"%s\"", reply->str);
    case REDIS_REPLY_STATUS: return (size_t)snprintf(to, room, "+%s", reply->str);
    case REDIS_REPLY_ERROR: return (size_t)snprintf(to, room, "-%s", reply->str);
    case REDIS_REPLY_NIL: return (size_t)snprintf(to, room, "nil");
    default: break;
  }
  size_t used = (size_t)snprintf(to, room, "[");
  for (size_t i = 0; i < reply->elements && used < room; ++i) {
    used += (size_t)snprintf(to + used, room - used, "%s", i ? ", " : "");
    if (used < room) used += print_reply(reply->element[i], to + used, room - used);
  }
  return used < room ? used + (size_t)snprintf(to + used, room - used, "]") : used;
}

static redisContext* open_connection(void) {
  const struct timeval limit = {20, 0};
  redisContext* c = redisConnectWithTimeout(getenv("HOST"), atoi(getenv("PORT")), limit);
  if (!c || c->err) fail("connect", "a connection", c ? c->errstr : "no memory");
  redisSetTimeout(c, limit);
  return c;
}

// An expected error ends in … and is compared up to there.
static void expect_reply(redisReply* reply, const char* sent, const char* expected) {
  char got[kText] = "no reply";
  if (reply) print_reply(reply, got, sizeof got);
  const char* open_end = strstr(expected, "…");
  const bool same = open_end ? strncmp(got, expected, (size_t)(open_end - expected)) == 0 : strcmp(got, expected) == 0;
  if (!reply || !same) fail(sent, expected, got);
  freeReplyObject(reply);
  ++checks;
}

static void expect(redisContext* c, const char* expected, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  expect_reply(redisvCommand(c, format, arguments), format, expected);
  va_end(arguments);
}

static void begin(redisContext* c, const char* name) {
  step = name;
  expect(c, "+OK", "FLUSHALL");
}

static void strings(redisContext* c) {
  begin(c, "strings");
  expect(c, "+OK", "SET a %s", "hello world");
  expect(c, "\"hello world\"", "GET a");
  expect(c, "nil", "GET none");
  expect(c, "nil", "SET a x NX");
  expect(c, "42", "INCRBY n %d", 42);
  expect(c, "[\"hello world\", nil, \"42\"]", "MGET a none n");
  expect(c, "-ERR value is not an integer…", "INCR a");
  expect(c, "-ERR unknown command 'NOSUCH'…", "NOSUCH x");
  char* large = malloc(kLarge);
  for (int i = 0; i < kLarge; ++i) large[i] = (char)(i * 7);
  expect(c, "+OK", "SET %b %b", "k\0k", (size_t)3, large, (size_t)kLarge);
  redisReply* reply = redisCommand(c, "GET %b", "k\0k", (size_t)3);
  if (!reply || reply->len != kLarge || memcmp(reply->str, large, kLarge) != 0) fail("GET k\\0k", "what was set", "other bytes");
  freeReplyObject(reply);
  free(large);
}

static void collections(redisContext* c) {
  begin(c, "collections");
  expect(c, "4", "RPUSH l a b c d");
  expect(c, "[\"a\", \"b\", \"c\", \"d\"]", "LRANGE l 0 -1");
  expect(c, "\"a\"", "LMOVE l m LEFT RIGHT");
  expect(c, "[\"m\", \"a\"]", "BLPOP none m 1");
  expect(c, "nil", "BLPOP none 0.02");
  expect(c, "[\"d\", \"c\"]", "RPOP l 2");
  expect(c, "2", "HSET h f 1 g two");
  expect(c, "[\"f\", \"1\", \"g\", \"two\"]", "HGETALL h");
  expect(c, "\"1.5\"", "HINCRBYFLOAT h f 0.5");
  expect(c, "3", "SADD s 3 1 2");
  expect(c, "[\"1\", \"2\", \"3\"]", "SMEMBERS s");
  expect(c, "[1, 0]", "SMISMEMBER s 1 9");
  expect(c, "3", "ZADD z 1 a 2.5 b inf c");
  expect(c, "[\"a\", \"1\", \"b\", \"2.5\", \"c\", \"inf\"]", "ZRANGE z 0 -1 WITHSCORES");
  expect(c, "[\"z\", [[\"c\", \"inf\"]]]", "BZMPOP 1 1 z MAX");
  expect(c, "1", "ZRANK z b");
  expect(c, "-WRONGTYPE Operation…", "ZADD l 1 a");
  expect(c, "[\"0\", [\"1\", \"2\", \"3\"]]", "SSCAN s 0");
  expect(c, "[\"1\", \"2\", \"3\"]", "SORT s");
}

static void streams(redisContext* c) {
  begin(c, "streams");
  expect(c, "\"1-1\"", "XADD s 1-1 n 1");
  expect(c, "\"1-2\"", "XADD s 1-* n 2");
  expect(c, "[[\"s\", [[\"1-2\", [\"n\", \"2\"]]]]]", "XREAD STREAMS s 1-1");
  expect(c, "+OK", "XGROUP CREATE s g 0");
  expect(c, "[[\"s\", [[\"1-1\", [\"n\", \"1\"]]]]]", "XREADGROUP GROUP g ann COUNT 1 STREAMS s >");
  expect(c, "[[\"s\", [[\"1-2\", [\"n\", \"2\"]]]]]", "XREADGROUP GROUP g bob BLOCK 10 STREAMS s >");
  expect(c, "nil", "XREADGROUP GROUP g bob BLOCK 10 STREAMS s >");
  expect(c, "1", "XACK s g 1-1");
  expect(c, "[1, \"1-2\", \"1-2\", [[\"bob\", \"1\"]]]", "XPENDING s g");
  expect(c, "[\"0-0\", [\"1-2\"], []]", "XAUTOCLAIM s g eve 0 0 JUSTID");
}

static void bits_estimates_places(redisContext* c) {
  begin(c, "bitmaps, hyperloglogs, geo");
  expect(c, "0", "SETBIT b 9 1");
  expect(c, "9", "BITPOS b 1");
  expect(c, "[0, 3]", "BITFIELD f SET u8 0 1 INCRBY u8 0 2");
  expect(c, "1", "PFADD p x y z");
  expect(c, "3", "PFCOUNT p");
  expect(c, "2", "GEOADD g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania");
  expect(c, "\"166.2742\"", "GEODIST g Palermo Catania km");
  expect(c, "[[\"Catania\", \"56.4413\"]]", "GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 100 km WITHDIST");
}

static void transactions(redisContext* c) {
  begin(c, "transactions");
  expect(c, "+OK", "MULTI");
  expect(c, "+QUEUED", "SET a 1");
  expect(c, "+QUEUED", "LPUSH a x");
  expect(c, "+QUEUED", "INCR a");
  expect(c, "[+OK, -WRONGTYPE Operation against a key holding the wrong kind of value, 2]", "EXEC");
  redisContext* other = open_connection();
  expect(c, "+OK", "WATCH a");
  expect(other, "3", "INCR a");
  expect(c, "+OK", "MULTI");
  expect(c, "+QUEUED", "SET a mine");
  expect(c, "nil", "EXEC");
  expect(c, "\"3\"", "GET a");
  redisFree(other);
}

// Replies come in the order of the commands, however many are under way; of a lost connection only the next call hears.
static void pipelines_and_reconnecting(redisContext* c) {
  begin(c, "pipelines");
  for (int i = 0; i < 20000; ++i) redisAppendCommand(c, i % 2 ? "LLEN l" : "RPUSH l %d", i);
  for (int i = 0; i < 20000; ++i) {
    redisReply* reply = NULL;
    if (redisGetReply(c, (void**)&reply) != REDIS_OK || reply->integer != i / 2 + 1) fail("a pipeline", "its order", c->errstr);
    freeReplyObject(reply);
  }
  step = "reconnecting";
  redisContext* other = open_connection();
  redisReply* id = redisCommand(other, "CLIENT ID");
  expect(c, "1", "CLIENT KILL ID %lld", id->integer);
  freeReplyObject(id);
  if (redisCommand(other, "PING") || (other->err != REDIS_ERR_EOF && other->err != REDIS_ERR_IO)) fail("PING", "no reply", "one");
  if (redisReconnect(other) != REDIS_OK) fail("reconnect", "a connection", other->errstr);
  expect(other, "10000", "LLEN l");
  redisFree(other);
}

// --- the asynchronous API, on poll() ---------------------------------------------------------

struct Events { bool read, write; };
static void add_read(void* events) { ((struct Events*)events)->read = true; }
static void drop_read(void* events) { ((struct Events*)events)->read = false; }
static void add_write(void* events) { ((struct Events*)events)->write = true; }
static void drop_write(void* events) { ((struct Events*)events)->write = false; }

static char heard[kText];
static int answered = 0, echoed = 0;

static void on_message(redisAsyncContext* c, void* reply, void* data) {
  (void)c, (void)data;
  if (!reply) return;
  print_reply(reply, heard + strlen(heard), sizeof heard - strlen(heard));
  ++answered;
}

static void on_echo(redisAsyncContext* c, void* reply, void* expected) {
  (void)c;
  echoed += reply && atol(((redisReply*)reply)->str) == (long)expected;
  ++answered;
}

static redisAsyncContext* open_async(struct Events* events) {
  redisAsyncContext* c = redisAsyncConnect(getenv("HOST"), atoi(getenv("PORT")));
  if (!c || c->err) fail("connect", "a connection", c ? c->errstr : "no memory");
  c->ev.data = events;
  c->ev.addRead = add_read, c->ev.delRead = drop_read, c->ev.addWrite = add_write, c->ev.delWrite = drop_write;
  events->write = true;
  return c;
}

static void run_until(redisAsyncContext* c, struct Events* events, int replies) {
  while (answered < replies) {
    struct pollfd fd = {c->c.fd, (short)((events->read ? POLLIN : 0) | (events->write ? POLLOUT : 0)), 0};
    if (poll(&fd, 1, 10000) <= 0) fail("poll", "a reply", "nothing for 10 s");
    if (fd.revents & (POLLIN | POLLHUP)) redisAsyncHandleRead(c);
    if (fd.revents & POLLOUT) redisAsyncHandleWrite(c);
  }
}

static void asynchronous(redisContext* publisher) {
  begin(publisher, "the asynchronous API");
  struct Events events = {false, false};
  redisAsyncContext* c = open_async(&events);
  for (long i = 0; i < 5000; ++i) redisAsyncCommand(c, on_echo, (void*)i, "ECHO %ld", i);
  run_until(c, &events, 5000);
  if (echoed != 5000) fail("ECHO", "5,000 in order", "others");

  answered = 0;
  redisAsyncCommand(c, on_message, NULL, "SUBSCRIBE news");
  redisAsyncCommand(c, on_message, NULL, "PSUBSCRIBE n*");
  run_until(c, &events, 2);
  expect(publisher, "2", "PUBLISH news hello");
  run_until(c, &events, 4);
  const char* expected = "[\"subscribe\", \"news\", 1][\"psubscribe\", \"n*\", 2][\"message\", \"news\", \"hello\"]"
                         "[\"pmessage\", \"n*\", \"news\", \"hello\"]";
  if (strcmp(heard, expected) != 0) fail("PUBLISH", expected, heard);
  redisAsyncFree(c);
}

int main(void) {
  redisContext* c = open_connection();
  strings(c);
  collections(c);
  streams(c);
  bits_estimates_places(c);
  transactions(c);
  pipelines_and_reconnecting(c);
  asynchronous(c);
  expect(c, "+OK", "FLUSHALL");
  redisFree(c);
  printf("hiredis %d.%d.%d: %d checks\n", HIREDIS_MAJOR, HIREDIS_MINOR, HIREDIS_PATCH, checks);
  return 0;
}
