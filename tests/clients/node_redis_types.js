// SPDX-License-Identifier: MIT
// node-redis against the server on $HOST:$PORT: every data type and transactions, first in RESP2, then in RESP3; started
// by node_clients.sh.
'use strict';
const assert = require('node:assert/strict');
const {WatchError, createClient} = require('redis');
const {address, runMain, runSteps, waitUntil, whileBlocked} = require('./node_steps.js');

const plain = (value) => JSON.parse(JSON.stringify(value));

// The entries of the first stream that XREAD names; in RESP3 this client passes the reply on as it is.
const entries = (reply) => (Array.isArray(reply)
  ? reply[0].messages.map(({id, message}) => [id, Object.entries(message).flat()])
  : Object.values(plain(reply))[0]);

const steps = {
  async lists(r) {
    assert.equal(await r.rPush('l', ['a', 'b', 'c']), 3);
    assert.equal(await r.lPush('l', 'z'), 4);
    assert.deepEqual(await r.lRange('l', 0, -1), ['z', 'a', 'b', 'c']);
    assert.equal(await r.lInsert('l', 'AFTER', 'a', 'x'), 5);
    assert.equal(await r.lRem('l', 0, 'x'), 1);
    assert.equal(await r.lMove('l', 'm', 'RIGHT', 'LEFT'), 'c');
    assert.deepEqual(await r.lPopCount('l', 2), ['z', 'a']);
    assert.equal(await r.rPop('none'), null);
    assert.equal(await r.lTrim('l', 5, 9), 'OK');
    assert.equal(await r.exists('l'), 0);
    await assert.rejects(r.set('t', 'x').then(() => r.lLen('t')), /WRONGTYPE/);
  },

  async blockingPops(r) {
    const other = r.duplicate();
    await other.connect();
    const info = () => r.info('clients');
    assert.deepEqual(plain(await whileBlocked(info, () => other.blPop(['q', 'p'], 15), () => r.rPush('p', 'job'))),
                     {key: 'p', element: 'job'});
    assert.equal(await whileBlocked(info, () => other.blMove('q', 'd', 'LEFT', 'LEFT', 15), () => r.rPush('q', 'x')), 'x');
    assert.deepEqual(plain(await whileBlocked(info, () => other.bzPopMin('z', 15), () => r.zAdd('z', {score: 1.5, value: 'a'}))),
                     {key: 'z', value: 'a', score: 1.5});
    assert.equal(await other.brPop('none', 0.02), null);
    await other.close();
  },

  async hashes(r) {
    assert.equal(await r.hSet('h', {a: '1', b: 'two'}), 2);
    assert.deepEqual(plain(await r.hGetAll('h')), {a: '1', b: 'two'});
    assert.deepEqual(await r.hmGet('h', ['b', 'none']), ['two', null]);
    assert.equal(await r.hIncrBy('h', 'a', 2), 3);
    assert.equal(await r.hIncrByFloat('h', 'f', 0.5), '0.5');
    assert.deepEqual([await r.hExists('h', 'a'), await r.hDel('h', ['f', 'none']), await r.hLen('h')], [1, 1, 2]);
    assert.equal(await r.hSet('large', Object.fromEntries(Array.from({length: 600}, (_, i) => [`f${i}`, String(i)]))), 600);
    const found = new Map();
    for await (const part of r.hScanIterator('large', {COUNT: 50})) part.forEach(({field, value}) => found.set(field, value));
    assert.deepEqual([found.size, found.get('f599')], [600, '599']);
  },

  async sets(r) {
    assert.equal(await r.sAdd('s', ['a', 'b', 'c']), 3);
    assert.equal(await r.sAdd('t', ['b', 'z']), 2);
    assert.deepEqual([...await r.sMembers('s')].sort(), ['a', 'b', 'c']);
    assert.deepEqual(await r.sInter(['s', 't']), ['b']);
    assert.deepEqual([...await r.sDiff(['s', 't'])].sort(), ['a', 'c']);
    assert.equal(await r.sUnionStore('u', ['s', 't']), 4);
    assert.deepEqual(await r.smIsMember('s', ['a', 'z']), [1, 0]);
    assert.equal(await r.sRem('s', ['a', 'b', 'none']), 2);
    assert.equal(await r.sPop('s'), 'c');
    const found = new Set();
    for await (const part of r.sScanIterator('u')) part.forEach((member) => found.add(member));
    assert.deepEqual([...found].sort(), ['a', 'b', 'c', 'z']);
  },

  async sortedSets(r) {
    assert.equal(await r.zAdd('z', [{score: 1, value: 'a'}, {score: 2.5, value: 'b'}, {score: Infinity, value: 'c'}]), 3);
    assert.deepEqual(plain(await r.zRangeWithScores('z', 0, 1)), [{value: 'a', score: 1}, {value: 'b', score: 2.5}]);
    assert.deepEqual([await r.zScore('z', 'b'), await r.zScore('z', 'c'), await r.zScore('z', 'no')], [2.5, Infinity, null]);
    assert.deepEqual(await r.zmScore('z', ['a', 'no']), [1, null]);
    assert.deepEqual(await r.zRange('z', 0, 2, {BY: 'SCORE'}), ['a']);
    assert.deepEqual([await r.zRank('z', 'b'), await r.zRevRank('z', 'b'), await r.zCount('z', '(1', 3)], [1, 1, 1]);
    assert.equal(await r.zIncrBy('z', 0.25, 'a'), 1.25);
    assert.equal(await r.zUnionStore('u', ['z', 'z'], {AGGREGATE: 'SUM'}), 3);
    assert.deepEqual(plain(await r.zPopMin('u')), {value: 'a', score: 2.5});
    assert.deepEqual(plain(await r.zDiffWithScores(['z', 'u'])), [{value: 'a', score: 1.25}]);
    assert.deepEqual((await r.zRandMemberCount('z', 3)).sort(), ['a', 'b', 'c']);
  },

  async streamsAndGroups(r) {
    assert.equal(await r.xAdd('s', '1-1', {n: '1'}), '1-1');
    assert.equal(await r.xAdd('s', '1-2', {n: '2'}), '1-2');
    assert.deepEqual(plain(await r.xRange('s', '-', '+')), [{id: '1-1', message: {n: '1'}}, {id: '1-2', message: {n: '2'}}]);
    const other = r.duplicate();
    await other.connect();
    const late = await whileBlocked(() => r.info('clients'), () => other.xRead({key: 's', id: '$'}, {BLOCK: 15000}),
                                    () => r.xAdd('s', '2-1', {n: '3'}));
    assert.deepEqual(entries(late), [['2-1', ['n', '3']]]);
    assert.equal(await r.xGroupCreate('s', 'g', '0'), 'OK');
    const got = await r.xReadGroup('g', 'ann', {key: 's', id: '>'}, {COUNT: 2});
    assert.deepEqual(entries(got), [['1-1', ['n', '1']], ['1-2', ['n', '2']]]);
    assert.equal(await r.xAck('s', 'g', '1-1'), 1);
    const pending = plain(await r.xPending('s', 'g'));
    assert.deepEqual([pending.pending, pending.firstId, pending.lastId], [1, '1-2', '1-2']);
    assert.deepEqual(plain(await r.xAutoClaim('s', 'g', 'eve', 0, '0')).messages, [{id: '1-2', message: {n: '2'}}]);
    const groups = plain(await r.xInfoGroups('s'));
    assert.deepEqual([groups[0].name, groups[0].consumers, groups[0].lag], ['g', 2, 1]);
    assert.equal(plain(await r.xInfoStream('s')).length, 3);
    assert.equal(await r.xGroupDestroy('s', 'g'), 1);
    await other.close();
  },

  async bitsAndEstimatesAndPlaces(r) {
    assert.equal(await r.setBit('b', 9, 1), 0);
    assert.deepEqual([await r.getBit('b', 9), await r.bitCount('b'), await r.bitPos('b', 1)], [1, 1, 9]);
    assert.deepEqual(await r.bitField('b', [{operation: 'SET', encoding: 'u8', offset: 0, value: 7}]), [0]);
    assert.equal(await r.pfAdd('p', ['x', 'y', 'z']), 1);
    assert.equal(await r.pfMerge('q', 'p'), 'OK');
    assert.equal(await r.pfCount(['p', 'q']), 3);
    assert.equal(await r.geoAdd('g', [{longitude: 13.361389, latitude: 38.115556, member: 'Palermo'},
                                      {longitude: 15.087269, latitude: 37.502669, member: 'Catania'}]), 2);
    assert.equal(Number(await r.geoDist('g', 'Palermo', 'Catania', 'km')), 166.2742);
    assert.deepEqual(await r.geoSearch('g', {longitude: 15, latitude: 37}, {radius: 200, unit: 'km'}, {SORT: 'ASC'}),
                     ['Catania', 'Palermo']);
    assert.equal(Number((await r.geoPos('g', 'Palermo'))[0].longitude).toFixed(4), '13.3614');
  },

  async transactions(r) {
    assert.deepEqual(await r.multi().set('a', '1').incr('a').get('a').exec(), ['OK', 2, '2']);
    const other = r.duplicate();
    await other.connect();
    await r.watch('a');
    await other.set('a', 'changed');
    await assert.rejects(r.multi().set('a', 'mine').exec(), WatchError);
    await r.watch('a');
    assert.deepEqual(await r.multi().append('a', '!').exec(), [8]);
    assert.deepEqual(await r.multi().set('b', '1').get('b').execAsPipeline(), ['OK', '1']);
    await other.close();
  },

  async shardedChannels(r) {
    const listener = r.duplicate();
    await listener.connect();
    const received = [];
    await listener.sSubscribe('orders', (text, channel) => received.push([channel, text]));
    assert.equal(await r.sPublish('orders', 'hello'), 1);
    await waitUntil(() => received.length === 1);
    assert.deepEqual(received, [['orders', 'hello']]);
    await listener.sUnsubscribe('orders');
    assert.deepEqual(await r.pubSubShardChannels(), []);
    await listener.close();
  },

  async reconnecting(r) {
    const other = r.duplicate({database: 1, name: 'phoenix', socket: {...address, reconnectStrategy: 5}});
    other.on('error', () => {});
    await other.connect();
    await other.set('kept', 'v');
    const id = await other.clientId();
    assert.equal(await r.clientKill({filter: 'ID', id}), 1);
    await waitUntil(() => other.isReady && other.get('kept').then((value) => value === 'v', () => false));
    const now = await other.clientInfo();
    assert.deepEqual([now.id === id, now.name, now.db, now.resp], [false, 'phoenix', 1, (await r.clientInfo()).resp]);
    await other.close();
  },
};

async function runWith(RESP) {
  const r = createClient({RESP, unstableResp3: true, socket: {...address, reconnectStrategy: false}});
  await r.connect();
  assert.equal((await r.clientInfo()).resp, RESP);
  await runSteps(`node-redis ${require('redis/package.json').version} with RESP${RESP}`, steps, r, () => r.flushAll());
  await r.close();
}

runMain(async () => {
  await runWith(2);
  await runWith(3);
});
