// SPDX-License-Identifier: MIT
// node-redis against the server on $HOST:$PORT; started by node_clients.sh.
'use strict';
const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const {RESP_TYPES, createClient} = require('redis');
const {address, runMain, runSteps, waitUntil} = require('./node_steps.js');

const options = {socket: {...address, reconnectStrategy: false}};

const steps = {
  async strings(r) {
    assert.equal(await r.set('a', '1'), 'OK');
    assert.equal(await r.get('a'), '1');
    assert.equal(await r.set('a', '2', {NX: true}), null);
    assert.equal(await r.set('a', '2', {GET: true}), '1');
    assert.equal(await r.incrByFloat('f', 0.5), '0.5');
    assert.deepEqual(await r.mGet(['a', 'missing']), ['2', null]);
    assert.equal(await r.lcs('a', 'a'), '2');
    await assert.rejects(r.set('t', 'x').then(() => r.incr('t')), /not an integer/);
  },

  async binaryAndLarge(r) {
    const large = crypto.randomBytes(1024 * 1024);
    await r.set('large', large);
    assert.ok(large.equals(await r.withTypeMapping({[RESP_TYPES.BLOB_STRING]: Buffer}).get('large')));
  },

  async expiry(r) {
    await r.setEx('e', 100, 'v');
    assert.ok(await r.ttl('e') >= 98);
    assert.equal(await r.getEx('e', {PERSIST: true}), 'v');
    assert.equal(await r.ttl('e'), -1);
    assert.equal(await r.expireTime('missing'), -2);
  },

  async pipelines(r) {
    const replies = await Promise.all(Array.from({length: 2000}, (_, i) => r.incr('together')));
    assert.deepEqual(replies, Array.from({length: 2000}, (_, i) => i + 1));
  },

  async scan(r) {
    await r.mSet(Object.fromEntries(Array.from({length: 700}, (_, i) => [`k${i}`, String(i)])));
    const found = new Set();
    for await (const keys of r.scanIterator({MATCH: 'k*', COUNT: 40})) keys.forEach((key) => found.add(key));
    assert.equal(found.size, 700);
  },

  async server(r) {
    assert.match(await r.info(), /redis_version:7\./);
    assert.equal((await r.configGet('hz')).hz, '10');
    assert.ok(Math.abs(Number((await r.time())[0]) - Date.now() / 1000) < 60);
    assert.deepEqual(await r.commandGetKeys(['MSET', 'a', '1', 'b', '2']), ['a', 'b']);
    assert.ok((await r.commandList({FILTERBY: {type: 'PATTERN', value: 'incr*'}})).includes('incrby'));
    assert.equal((await r.commandInfo(['get']))[0].arity, 2);
  },

  async publishAndSubscribe(r) {
    const listener = createClient(options);
    await listener.connect();
    const received = [];
    await listener.subscribe('news', (text, channel) => received.push([channel, text]));
    await listener.pSubscribe('n*', (text, channel) => received.push(['n*', channel, text]));
    assert.equal(await r.publish('news', 'hello'), 2);
    await waitUntil(() => received.length >= 2);
    assert.deepEqual(received, [['news', 'hello'], ['n*', 'news', 'hello']]);
    await listener.unsubscribe('news');
    assert.equal(await r.publish('news', 'again'), 1);
    assert.deepEqual(await r.pubSubChannels(), []);
    await listener.pUnsubscribe();
    await listener.quit();
  },

  async clients(r) {
    const other = createClient({...options, name: 'worker', database: 2});
    const failed = new Promise((resolve) => other.on('error', resolve));
    await other.connect();
    const own = await other.clientInfo();
    assert.equal(own.name, 'worker');
    assert.equal(own.db, 2);
    assert.ok((await r.clientList()).some((each) => each.id === own.id));
    assert.equal(await r.clientKill({filter: 'ID', id: own.id}), 1);
    await failed;
  },
};

runMain(async () => {
  const r = createClient(options);
  await r.connect();
  await runSteps(`node-redis ${require('redis/package.json').version}`, steps, r, () => r.flushAll());
  await r.close();
});
