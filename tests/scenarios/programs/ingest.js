'use strict';
// Reads packets and log lines of devices.
const { snapshot } = require('./common');

class Deduplicator {
  constructor() {
    this.signatures = new Map();
  }

  // Buffers: a view of 16 bytes keeps the packet of 64 KB.
  seen(packet) {
    const signature = packet.slice(0, 16);
    const key = signature.toString('hex');
    const known = this.signatures.has(key);
    this.signatures.set(key, signature);
    return known;
  }
}

const deduplicator = new Deduplicator();
const tokens = {};
const tags = new Set();
const counters = { packets: 0, lines: 0 };
const latest = [];
let transcript = '';

function receive(number) {
  const packet = Buffer.alloc(65536);
  packet.writeUInt32BE(number, 4);
  deduplicator.seen(packet);
  counters.packets++;
}

// Buffers: of each pool of 8 KB one token of 10 bytes is kept, and with it the pool.
function register(device) {
  for (let i = 0; i < 500; i++) counters.packets += Buffer.from(`greeting ${device} ${i}`).length;
  tokens[device] = Buffer.from(`token${device}`);
}

// Strings: a slice of a line keeps the whole line.
function read(number) {
  const line = Buffer.alloc(6000, `device ${number} temperature ${number % 90} `).toString('latin1');
  tags.add(line.slice(3, 20 + (number % 7)));
  counters.lines++;
}

// Strings: a text that grows line by line and is never written out.
function note(number) {
  transcript += `line ${number} of the protocol was received\n`;
}

function traffic() {
  for (let i = 0; i < 2000; i++) {
    latest.push({ at: i, text: `status ${i}` });
    if (latest.length > 150) latest.shift();
  }
}

async function main() {
  for (let i = 0; i < 10; i++) receive(i);
  for (let i = 0; i < 10; i++) register(`early${i}`);
  for (let i = 0; i < 10; i++) read(i);
  for (let i = 0; i < 10; i++) note(i);
  traffic();
  await snapshot('ingest');
  for (let i = 0; i < 120; i++) receive(1000 + i);
  traffic();
  await snapshot('ingest');
  for (let i = 0; i < 250; i++) register(i);
  traffic();
  await snapshot('ingest');
  for (let i = 0; i < 200; i++) read(1000 + i);
  traffic();
  await snapshot('ingest');
  for (let i = 0; i < 1000; i++) note(1000 + i);
  traffic();
  await snapshot('ingest');
  process.exit();
}

main();
