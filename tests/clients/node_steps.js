// SPDX-License-Identifier: MIT
// What the JavaScript scripts of this folder share: the server on $HOST:$PORT, and steps that each begin on an empty one.
'use strict';

const address = {host: process.env.HOST, port: Number(process.env.PORT)};

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function waitUntil(holds, seconds = 10) {
  const giveUp = Date.now() + 1000 * seconds;
  while (!await holds()) {
    if (Date.now() > giveUp) throw new Error(`what was waited for did not happen: ${holds}`);
    await pause(5);
  }
}

// Resolves once one more client waits for an element; `info` returns the text of INFO clients.
async function whileBlocked(info, block, release) {
  const count = async () => Number(/blocked_clients:(\d+)/.exec(await info())[1]);
  const before = await count();
  const blocked = block();
  await waitUntil(async () => await count() > before);
  await release();
  return blocked;
}

// Every step gets the client after `clear` has emptied the server.
async function runSteps(title, steps, client, clear) {
  for (const [name, step] of Object.entries(steps)) {
    await clear();
    await step(client).catch((error) => {
      error.message = `${title}, in ${name}: ${error.message}`;
      throw error;
    });
  }
  await clear();
  console.log(`${title}: ${Object.keys(steps).join(', ')}`);
}

function runMain(main) {
  main().catch((error) => {
    console.error(error);
    process.exit(1);
  });
}

module.exports = {address, pause, runMain, runSteps, waitUntil, whileBlocked};
