// SPDX-License-Identifier: MIT
// ioredis against the server on $HOST:$PORT: every data type, transactions, sharded channels, reconnecting; started by
// node_clients.sh.
'use strict';
const assert = require('node:assert/strict');
const Redis = require('ioredis');
const {address, runMain, runSteps, waitUntil, whileBlocked} = require('./node_steps.js');

const open = (options = {}) => new Redis({...address, retryStrategy: null, maxRetriesPerRequest: 0, ...options});
const pairs = (flat) => Object.fromEntries(flat.flatMap((each, i) => (i % 2 ? [] : [[each, flat[i + 1]]])));

const steps = {
  async lists(r) {
    assert.equal(await r.rpush('l', 'a', 'b', 'c'), 3);
    assert.equal(await r.lpush('l', 'z'), 4);
    assert.deepEqual(await r.lrange('l', 0, -1), ['z', 'a', 'b', 'c']);
    assert.equal(await r.linsert('l', 'BEFORE', 'b', 'x'), 5);
    assert.equal(await r.lset('l', 0, 'y'), 'OK');
    assert.deepEqual([await r.lindex('l', -1), await r.lpos('l', 'b'), await r.llen('l')], ['c', 3, 5]);
    assert.equal(await r.lrem('l', 1, 'x'), 1);
    assert.equal(await r.lmove('l', 'm', 'LEFT', 'RIGHT'), 'y');
    assert.deepEqual(await r.lpop('l', 2), ['a', 'b']);
    assert.equal(await r.rpop('l'), 'c');
    assert.equal(await r.exists('l'), 0);
    await assert.rejects(r.set('t', 'x').then(() => r.lpush('t', 'x')), /WRONGTYPE/);
  },

  async blockingPops(r) {
    const other = open();
    const info = () => r.info('clients');
    assert.deepEqual(await whileBlocked(info, () => other.blpop('q', 'p', 15), () => r.rpush('p', 'job', 'rest')), ['p', 'job']);
    assert.equal(await whileBlocked(info, () => other.blmove('q', 'done', 'RIGHT', 'LEFT', 15), () => r.lpush('q', 'x')), 'x');
    assert.deepEqual(await whileBlocked(info, () => other.bzpopmax('z', 15), () => r.zadd('z', 1, 'a', 2, 'b')), ['z', 'b', '2']);
    assert.equal(await other.brpop('none', 0.02), null);
    assert.deepEqual([await r.lrange('p', 0, -1), await r.lrange('done', 0, -1)], [['rest'], ['x']]);
    other.disconnect();
  },

  async hashes(r) {
    assert.equal(await r.hset('h', {a: 1, b: 'two'}), 2);
    assert.deepEqual(await r.hgetall('h'), {a: '1', b: 'two'});
    assert.deepEqual(await r.hmget('h', 'b', 'none'), ['two', null]);
    assert.equal(await r.hincrby('h', 'a', 5), 6);
    assert.equal(await r.hincrbyfloat('h', 'f', 0.1), '0.1');
    assert.deepEqual([await r.hlen('h'), await r.hexists('h', 'a'), await r.hdel('h', 'f', 'none')], [3, 1, 1]);
    assert.equal(await r.hset('large', Object.fromEntries(Array.from({length: 800}, (_, i) => [`f${i}`, i]))), 800);
    const found = {};
    for await (const part of r.hscanStream('large', {count: 50})) Object.assign(found, pairs(part));
    assert.equal(Object.keys(found).length, 800);
    assert.equal(found.f799, '799');
  },

  async sets(r) {
    assert.equal(await r.sadd('s', 'a', 'b', 'c'), 3);
    assert.equal(await r.sadd('t', 'b', 'c', 'd'), 3);
    assert.deepEqual((await r.sinter('s', 't')).sort(), ['b', 'c']);
    assert.deepEqual((await r.sunion('s', 't')).sort(), ['a', 'b', 'c', 'd']);
    assert.deepEqual(await r.sdiff('s', 't'), ['a']);
    assert.deepEqual(await r.smismember('s', 'a', 'z'), [1, 0]);
    assert.deepEqual([await r.sintercard(2, 's', 't'), await r.smove('s', 't', 'a'), await r.scard('t')], [2, 1, 4]);
    assert.deepEqual((await r.spop('s', 5)).sort(), ['b', 'c']);
    const found = new Set();
    for await (const part of r.sscanStream('t')) part.forEach((member) => found.add(member));
    assert.deepEqual([...found].sort(), ['a', 'b', 'c', 'd']);
  },

  async sortedSets(r) {
    assert.equal(await r.zadd('z', 1, 'a', 2, 'b', 3.5, 'c'), 3);
    assert.equal(await r.zadd('z', 'GT', 'CH', 0, 'a', 3, 'b'), 1);
    assert.deepEqual(await r.zrange('z', 0, -1, 'WITHSCORES'), ['a', '1', 'b', '3', 'c', '3.5']);
    assert.deepEqual(await r.zrangebyscore('z', '(1', '+inf', 'LIMIT', 0, 1), ['b']);
    assert.deepEqual(await r.zrevrange('z', 0, 0), ['c']);
    assert.deepEqual([await r.zrank('z', 'c'), await r.zscore('z', 'c'), await r.zcount('z', 1, 3)], [2, '3.5', 2]);
    assert.equal(await r.zincrby('z', 10, 'a'), '11');
    assert.equal(await r.zinterstore('i', 2, 'z', 'z', 'WEIGHTS', 1, 2), 3);
    assert.deepEqual(await r.zpopmax('i'), ['a', '33']);
    assert.deepEqual(await r.zmpop(1, 'i', 'MIN'), ['i', [['b', '9']]]);
  },

  async streamsAndGroups(r) {
    assert.equal(await r.xadd('s', '1-1', 'n', '1'), '1-1');
    assert.equal(await r.xadd('s', 'MAXLEN', '~', 1000, '1-2', 'n', '2'), '1-2');
    assert.deepEqual(await r.xrange('s', '-', '+'), [['1-1', ['n', '1']], ['1-2', ['n', '2']]]);
    const other = open();
    const late = await whileBlocked(() => r.info('clients'), () => other.xread('BLOCK', 15000, 'STREAMS', 's', '$'),
                                    () => r.xadd('s', '2-1', 'n', '3'));
    assert.deepEqual(late, [['s', [['2-1', ['n', '3']]]]]);
    assert.equal(await r.xgroup('CREATE', 's', 'g', '0'), 'OK');
    const got = await r.xreadgroup('GROUP', 'g', 'ann', 'COUNT', 2, 'STREAMS', 's', '>');
    assert.deepEqual(got, [['s', [['1-1', ['n', '1']], ['1-2', ['n', '2']]]]]);
    assert.equal(await r.xack('s', 'g', '1-1'), 1);
    assert.deepEqual(await r.xpending('s', 'g'), [1, '1-2', '1-2', [['ann', '1']]]);
    assert.deepEqual(await r.xclaim('s', 'g', 'bob', 0, '1-2'), [['1-2', ['n', '2']]]);
    assert.deepEqual(await r.xautoclaim('s', 'g', 'eve', 0, '0'), ['0-0', [['1-2', ['n', '2']]], []]);
    assert.equal((await r.xinfo('GROUPS', 's'))[0][3], 3);
    assert.equal(await r.xgroup('DESTROY', 's', 'g'), 1);
    other.disconnect();
  },

  async bitsAndEstimatesAndPlaces(r) {
    assert.equal(await r.setbit('b', 9, 1), 0);
    assert.deepEqual([await r.getbit('b', 9), await r.bitcount('b'), await r.bitpos('b', 1)], [1, 1, 9]);
    assert.deepEqual(await r.bitfield('b', 'SET', 'u8', 0, 255, 'INCRBY', 'u8', 0, 10), [0, 9]);
    assert.equal(await r.bitop('OR', 'c', 'b', 'none'), 2);
    assert.equal(await r.pfadd('p', 'x', 'y', 'z'), 1);
    assert.equal(await r.pfmerge('q', 'p'), 'OK');
    assert.equal(await r.pfcount('p', 'q'), 3);
    assert.equal(await r.geoadd('g', 13.361389, 38.115556, 'Palermo', 15.087269, 37.502669, 'Catania'), 2);
    assert.equal(await r.geodist('g', 'Palermo', 'Catania', 'km'), '166.2742');
    assert.deepEqual(await r.geosearch('g', 'FROMLONLAT', 15, 37, 'BYRADIUS', 200, 'km', 'DESC', 'WITHDIST'),
                     [['Palermo', '190.4424'], ['Catania', '56.4413']]);
    assert.deepEqual(await r.geohash('g', 'Palermo'), ['sqc8b49rny0']);
  },

  async transactions(r) {
    assert.deepEqual(await r.multi().set('a', 1).incr('a').lpush('a', 'x').get('a').exec().then((replies) => replies.map(
        ([error, reply]) => (error ? error.message.split(' ')[0] : reply))), ['OK', 2, 'WRONGTYPE', '2']);
    const other = open();
    await r.watch('a');
    await other.set('a', 'changed');
    assert.equal(await r.multi().set('a', 'mine').exec(), null);
    assert.equal(await r.get('a'), 'changed');
    await r.watch('a');
    assert.deepEqual(await r.multi().append('a', '!').exec(), [[null, 8]]);
    await assert.rejects(r.multi().call('NOSUCH').exec(), /EXECABORT/);
    other.disconnect();
  },

  async shardedChannels(r) {
    const listener = open();
    const received = [];
    listener.on('smessage', (channel, text) => received.push([channel, text]));
    assert.equal(await listener.ssubscribe('orders'), 1);
    assert.equal(await r.spublish('orders', 'hello'), 1);
    await waitUntil(() => received.length === 1);
    assert.deepEqual(received, [['orders', 'hello']]);
    assert.equal(await listener.sunsubscribe('orders'), 0);
    listener.disconnect();
  },

  // The default client: it comes back by itself, with its database, its name and its channels, and sends again what
  // had no answer.
  async reconnecting(r) {
    const other = new Redis({...address, db: 1, connectionName: 'phoenix', retryStrategy: () => 5});
    other.on('error', () => {});
    const listener = new Redis({...address, connectionName: 'listener', retryStrategy: () => 5});
    listener.on('error', () => {});
    const received = [];
    listener.on('message', (_, text) => received.push(text));
    await listener.subscribe('news');
    await other.set('kept', 'v');
    const id = await other.client('ID');
    const waiting = other.blpop('never', 15);
    await waitUntil(async () => /blocked_clients:1/.test(await r.info('clients')));
    assert.equal(await r.client('KILL', 'TYPE', 'pubsub'), 1);
    assert.equal(await r.client('KILL', 'ID', id), 1);
    await waitUntil(async () => /blocked_clients:1/.test(await r.info('clients')));
    await r.multi().select(1).rpush('never', 'now').select(0).exec();
    assert.deepEqual(await waiting, ['never', 'now']);
    assert.equal(await other.get('kept'), 'v');
    assert.notEqual(await other.client('ID'), id);
    assert.equal(await other.client('GETNAME'), 'phoenix');
    await waitUntil(async () => await r.publish('news', 'again') === 1);
    await waitUntil(() => received.length === 1);
    assert.deepEqual(received, ['again']);
    other.disconnect();
    listener.disconnect();
  },
};

runMain(async () => {
  const r = open();
  await runSteps(`ioredis ${require('ioredis/package.json').version}`, steps, r, () => r.flushall());
  assert.equal(await r.quit(), 'OK');
});
