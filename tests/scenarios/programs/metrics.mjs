// Collects measurements (AsyncLocalStorage as Node 24 has it).
import { AsyncLocalStorage } from 'node:async_hooks';
import common from './common.js';

class Trace {
  constructor(number) {
    this.url = `/measure/${number}`;
    this.spans = [{ name: 'accept', at: 1.5 }, { name: 'parse', at: 2.5 + number }];
  }
}

const traces = new AsyncLocalStorage();
const flushes = [];
const counts = new Map();

// Async context: the functions wait for a flush that never comes and keep the trace of their request.
function later() {
  flushes.push(AsyncLocalStorage.bind(() => counts.clear()));
}

async function measure(number, late) {
  await null;
  const name = `${traces.getStore().url}/${number % 50}`;
  counts.set(name, (counts.get(name) ?? 0) + 1);
  if (counts.size > 60) counts.clear();
  if (late) later();
}

async function requests(count, late) {
  for (let i = 0; i < count; i++) await traces.run(new Trace(i), measure, i, late(i));
}

await requests(300, (i) => i % 20 === 0);
await common.snapshot('metrics');
await requests(300, (i) => i % 2 === 0);
await common.snapshot('metrics');
process.exit();
