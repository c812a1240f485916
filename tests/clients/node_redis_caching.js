// SPDX-License-Identifier: MIT
// node-redis' cache in the client, against the server on $HOST:$PORT: RESP3 pushes say what is no longer true; started by
// node_clients.sh.
'use strict';
const assert = require('node:assert/strict');
const {BasicClientSideCache, createClient} = require('redis');
const {address, runMain, runSteps, waitUntil} = require('./node_steps.js');

const cache = new BasicClientSideCache({ttl: 0, maxEntries: 0});
const socket = {...address, reconnectStrategy: false};
const counts = () => [cache.stats().hitCount, cache.stats().missCount];
const since = ([hits, misses]) => [cache.stats().hitCount - hits, cache.stats().missCount - misses];
let writer;

const steps = {
  async aReadIsAnsweredByTheCache(r) {
    await writer.set('a', '1');
    const before = counts();
    for (let i = 0; i < 10; ++i) assert.equal(await r.get('a'), '1');
    assert.deepEqual(since(before), [9, 1]);
    assert.match(await writer.info('stats'), /tracking_total_keys:1\r/);
  },

  async anotherClientsWriteEndsIt(r) {
    assert.equal(await writer.hSet('h', 'f', 'old'), 1);
    for (let i = 0; i < 20; ++i) {
      const before = counts();
      assert.equal(await r.hGet('h', 'f'), i ? String(i - 1) : 'old');
      assert.deepEqual(since(before), [0, 1]);
      assert.equal(await writer.hSet('h', 'f', String(i)), 0);
      await waitUntil(() => cache.size() === 0);
    }
  },

  async soDoExpiryAndFlush(r) {
    await writer.set('e', 'v', {PX: 300});
    assert.equal(await r.get('e'), 'v');
    await waitUntil(() => cache.size() === 0);
    assert.equal(await r.get('e'), null);
    assert.equal(await writer.mSet({a: '1', b: '2'}), 'OK');
    assert.deepEqual(await r.mGet(['a', 'b']), ['1', '2']);
    await writer.flushAll();
    await waitUntil(() => cache.size() === 0);
    assert.deepEqual(await r.mGet(['a', 'b']), [null, null]);
  },

  // What RESP3 adds for everybody: messages and replies share a connection.
  async messagesAmongReplies(r) {
    const received = [];
    await r.subscribe('news', (text) => received.push(text));
    await writer.set('k', 'v');
    const reads = Promise.all(Array.from({length: 100}, () => r.echo('still here')));
    for (let i = 0; i < 100; ++i) assert.equal(await writer.publish('news', String(i)), 1);
    assert.ok((await reads).every((each) => each === 'still here'));
    assert.equal(await r.get('k'), 'v');
    await waitUntil(() => received.length === 100);
    assert.deepEqual(received, Array.from({length: 100}, (_, i) => String(i)));
    await r.unsubscribe('news');
  },
};

runMain(async () => {
  writer = createClient({socket});
  await writer.connect();
  const r = createClient({RESP: 3, clientSideCache: cache, socket});
  await r.connect();
  await runSteps(`node-redis ${require('redis/package.json').version}'s cache`, steps, r, async () => {
    await writer.flushAll();
    await waitUntil(() => cache.size() === 0);
  });
  await r.close();
  await writer.close();
});
