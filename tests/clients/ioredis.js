// SPDX-License-Identifier: MIT
// ioredis against the server on $HOST:$PORT; started by node_clients.sh.
'use strict';
const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const Redis = require('ioredis');
const {address: where, runMain, runSteps, waitUntil} = require('./node_steps.js');

const address = {...where, retryStrategy: null, maxRetriesPerRequest: 0};

const steps = {
  async strings(r) {
    assert.equal(await r.set('a', '1'), 'OK');
    assert.equal(await r.get('a'), '1');
    assert.equal(await r.get('missing'), null);
    assert.equal(await r.set('a', '2', 'NX'), null);
    assert.equal(await r.set('a', '2', 'XX', 'GET'), '1');
    assert.equal(await r.incrby('n', 5), 5);
    assert.deepEqual(await r.mget('a', 'missing', 'n'), ['2', null, '5']);
    await assert.rejects(r.incr('a\u0000none').then(() => r.set('t', 'x')).then(() => r.incr('t')), /not an integer/);
  },

  async binaryAndLarge(r) {
    const every = Buffer.from(Array.from({length: 256}, (_, i) => i));
    await r.set(every, every);
    assert.deepEqual(await r.getBuffer(every), every);
    const large = crypto.randomBytes(1024 * 1024);
    await r.set('large', large);
    assert.ok(large.equals(await r.getBuffer('large')));
  },

  async expiry(r) {
    await r.set('e', 'v', 'EX', 100);
    assert.ok(await r.ttl('e') >= 98);
    assert.equal(await r.pexpire('e', 20), 1);
    await waitUntil(async () => !await r.exists('e'));
    assert.equal(await r.get('e'), null);
    assert.equal(await r.ttl('e'), -2);
  },

  async pipelines(r) {
    const pipeline = r.pipeline();
    for (let i = 0; i < 2000; ++i) pipeline.set(`p${i}`, i).get(`p${i}`);
    const replies = await pipeline.exec();
    assert.ok(replies.every(([error, reply], i) => error === null && reply === (i % 2 ? String(i >> 1) : 'OK')));
    const sums = await Promise.all(Array.from({length: 1000}, () => r.incr('together')));
    assert.deepEqual(sums, Array.from({length: 1000}, (_, i) => i + 1));
  },

  async scan(r) {
    await r.mset(Object.fromEntries(Array.from({length: 700}, (_, i) => [`k${i}`, i])));
    const found = new Set();
    for await (const keys of r.scanStream({match: 'k*', count: 40})) keys.forEach((key) => found.add(key));
    assert.equal(found.size, 700);
  },

  async server(r) {
    assert.match(await r.info('server'), /redis_version:7\./);
    assert.deepEqual(await r.config('GET', 'hz'), ['hz', '10']);
    assert.equal((await r.command('INFO', 'get'))[0][1], 2);
    assert.equal(r.status, 'ready');
  },

  async publishAndSubscribe(r) {
    const listener = new Redis(address);
    const received = [];
    listener.on('message', (channel, text) => received.push([channel, text]));
    listener.on('pmessage', (pattern, channel, text) => received.push([pattern, channel, text]));
    assert.equal(await listener.subscribe('news', 'sport'), 2);
    assert.equal(await listener.psubscribe('n*'), 3);
    assert.equal(await r.publish('news', 'hello'), 2);
    assert.equal(await r.publish('sport', 'goal'), 1);
    await waitUntil(() => received.length >= 3);
    assert.deepEqual(received, [['news', 'hello'], ['n*', 'news', 'hello'], ['sport', 'goal']]);
    await assert.rejects(listener.get('x'), /subscriber mode/);
    assert.equal(await listener.unsubscribe('news', 'sport'), 1);
    assert.equal(await listener.punsubscribe('n*'), 0);
    assert.equal(await listener.get('x'), null);
    listener.disconnect();
  },

  async clients(r) {
    const other = new Redis({...address, connectionName: 'worker', db: 2});
    other.on('error', () => {});
    assert.equal(await other.client('GETNAME'), 'worker');
    const id = await other.client('ID');
    assert.match(await r.client('LIST'), new RegExp(`id=${id} .*name=worker .*db=2 `));
    const ended = new Promise((resolve) => other.once('end', resolve));
    assert.equal(await r.client('KILL', 'ID', id), 1);
    await ended;
  },
};

runMain(async () => {
  const r = new Redis(address);
  await runSteps(`ioredis ${require('ioredis/package.json').version}`, steps, r, () => r.flushall());
  assert.equal(await r.quit(), 'OK');
});
